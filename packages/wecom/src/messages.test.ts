import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { textCard } from './cards.ts'
import type { WecomError } from './errors.ts'
import {
  freezeMessage,
  recallMessage,
  refusalOf,
  refusedIn,
  sendFrozenMessage,
  updateTemplateCard,
} from './messages.ts'
import { clientFor, refusal, wireServer, type WireRequest } from './test/wire-server.ts'

const content = textCard({ title: '新品', lines: [{ text: '请发表' }], url: 'https://wb.example.com/m/task/42' })
const answering =
  (answer: object) =>
  ({ path }: WireRequest): object | undefined =>
    path === '/cgi-bin/gettoken' ? undefined : answer

describe('freezeMessage', () => {
  it('asks WeCom not to deliver the same JSON twice for as long as it can', () => {
    expect(JSON.parse(freezeMessage(1000002, ['zhangsan', 'lisi'], content))).toEqual({
      touser: 'zhangsan|lisi',
      ...content,
      agentid: 1000002,
      enable_duplicate_check: 1,
      duplicate_check_interval: 14_400,
    })
  })

  it('makes the same bytes of the same message', () => {
    expect(freezeMessage(1, ['a', 'b'], content)).toBe(freezeMessage(1, ['a', 'b'], content))
  })

  it.each([[[]], [['a|b']], [['@all']], [['']], [Array.from({ length: 1001 }, (_, index) => `u${index}`)]])(
    'refuses recipients that would reach others than meant',
    (userIds) => {
      expect(() => freezeMessage(1, userIds, content)).toThrow(RangeError)
    },
  )
})

describe('sendFrozenMessage', () => {
  it('sends exactly these bytes and says who was not taken, whatever the case of their ids', async () => {
    const { url, to } = await wireServer(
      answering({
        errcode: 0,
        errmsg: 'ok',
        invaliduser: 'ghost1|ghost2',
        invalidparty: '',
        invalidtag: '',
        unlicenseduser: 'lisi',
        msgid: 'MSGID',
        response_code: 'RC',
      }),
    )
    const frozen = freezeMessage(1000002, ['ZhangSan', 'LiSi', 'Ghost1'], content)
    const result = await sendFrozenMessage(clientFor(url), frozen)
    expect(to('message/send')[0]!.body.toString()).toBe(frozen)
    expect(result).toMatchObject({ msgId: 'MSGID', responseCode: 'RC' })
    expect(['Ghost1', 'LiSi', 'ZhangSan'].map((id) => refusalOf(result, id))).toEqual([
      'invalid',
      'unlicensed',
      undefined,
    ])
  })

  it('matches ids without case even if WeCom should give them as they were written', async () => {
    const { url } = await wireServer(answering({ errcode: 0, errmsg: 'ok', invaliduser: 'GHOST' }))
    const result = await sendFrozenMessage(clientFor(url), freezeMessage(1, ['Ghost', 'lisi'], content))
    expect(refusalOf(result, 'Ghost')).toBe('invalid')
  })

  it('takes the short success seen in the wild', async () => {
    const { url } = await wireServer(answering({ errcode: 0, errmsg: 'ok', msgid: 'MSGID' }))
    const result = await sendFrozenMessage(clientFor(url), freezeMessage(1, ['zhangsan'], content))
    expect(result.invalidUsers.size + result.unlicensedUsers.size).toBe(0)
  })

  it('reports that all recipients are invalid as theirs', async () => {
    const { url } = await wireServer(answering(refusal(81013, 'user & party & tag all invalid')))
    const sending = sendFrozenMessage(clientFor(url), freezeMessage(1, ['ghost'], content))
    await expect(sending).rejects.toMatchObject({ errcode: 81013, kind: 'recipient' })
  })

  it('says for what reason nobody was taken, as far as the refusal tells', async () => {
    const named = { ...refusal(81013, 'user & party & tag all invalid'), invaliduser: 'ghost', unlicenseduser: 'lisi' }
    const { url } = await wireServer(answering(named))
    const sending = sendFrozenMessage(clientFor(url), freezeMessage(1, ['Ghost', 'LiSi', 'wangwu'], content))
    const error = await sending.catch((thrown: unknown) => thrown as WecomError)
    const refused = refusedIn(error as WecomError)
    expect(['Ghost', 'LiSi', 'wangwu'].map((id) => refusalOf(refused, id))).toEqual([
      'invalid',
      'unlicensed',
      undefined,
    ])
    // A thousand names would fill the log.
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('unlicenseduser')
  })
})

describe('afterwards', () => {
  it('a message is recalled by its id', async () => {
    const { url, to } = await wireServer(answering({ errcode: 0, errmsg: 'ok' }))
    await recallMessage(clientFor(url), 'MSGID')
    expect(JSON.parse(to('message/recall')[0]!.body.toString())).toEqual({ msgid: 'MSGID' })
  })

  it('a card loses its buttons or becomes another', async () => {
    const { url, to } = await wireServer(answering({ errcode: 0, errmsg: 'ok' }))
    const client = clientFor(url)
    await updateTemplateCard(client, { userIds: ['zhangsan'], responseCode: 'RC', replaceName: '已执行' })
    await updateTemplateCard(client, { userIds: ['zhangsan'], responseCode: 'RC', card: { card_type: 'text_notice' } })
    const common = { userids: ['zhangsan'], agentid: 1000002, response_code: 'RC' }
    expect(to('message/update_template_card').map(({ body }) => JSON.parse(body.toString()))).toEqual([
      { ...common, button: { replace_name: '已执行' } },
      { ...common, template_card: { card_type: 'text_notice' } },
    ])
  })
})
