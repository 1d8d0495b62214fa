import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { aCard, aSimulator, type TestSimulator } from '../test/harness.ts'
import { AES_KEY, startListeningApp, TOKEN, type ListeningApp } from '../test/listening-app.ts'
import { decrypt, encrypt, sign } from './cipher.ts'
import type { Callback } from './log.ts'
import { toXml, xmlText } from './xml.ts'

/** A machine that does other things may take its time. */
const PATIENT = { timeout: 60_000 }

let app: ListeningApp
let wecom: TestSimulator
beforeEach(async () => {
  app = await startListeningApp()
  wecom = await aSimulator()
})
afterEach(async () => {
  await wecom.close()
  await app.close()
})

const listen = (change: Record<string, unknown> = {}) =>
  wecom.control('PUT', '/callback', { url: app.url, token: TOKEN, aesKey: AES_KEY, pauseMs: 1, ...change })
const happen = (event: Record<string, unknown>) => wecom.control<Callback>('POST', '/callbacks', event)
const inbox = (userid: string) =>
  wecom.control<{ id: number; content: unknown; update?: unknown }[]>('GET', `/phones/${userid}/messages`)

describe('the cipher', () => {
  const known = 'Q3stYC6hdFzMh9T8HCvyDORchGzARlxqyFUOtgi0n8G7Rv5lDsAtOT+2REwVOnLQ3ZXrILnBD1IKzNMJ81PnxA=='

  test('gives the known answers of WECOM.md 4.4', () => {
    expect(encrypt(AES_KEY, '<xml>你好</xml>', 'wwsimcorp', Buffer.from('0123456789abcdef'))).toBe(known)
    expect(sign('simtoken', '1700000000', 'n1', known)).toBe('2fefde01fa7d37daa472772dbab14dbfa3e6118b')
    expect(decrypt(AES_KEY, known)).toEqual({ message: '<xml>你好</xml>', id: 'wwsimcorp' })
  })

  test('opens nothing that was made with another key', () => {
    expect(() => decrypt('A'.repeat(43), known)).toThrow()
  })
})

describe('the address', () => {
  test('is asked before it is saved', async () => {
    expect(await listen()).toEqual({ ok: true })
    expect(await wecom.control('GET', '/callback')).toMatchObject({ url: app.url, timeoutMs: 5000 })
    expect(await listen({ token: 'another' })).toEqual({ error: 'the address answered HTTP 403' })
    expect(await listen({ url: 'http://localhost:1/' })).toEqual({
      error: expect.stringContaining('did not answer within a second'),
    })
    expect(await listen({ aesKey: 'short' })).toEqual({ error: expect.stringContaining('43 letters') })
  })

  test('hears nothing when there is none', async () => {
    expect(await happen({ event: 'subscribe', userid: 'lisi' })).toMatchObject({
      error: expect.stringContaining('no callback address'),
    })
  })
})

describe('an event', () => {
  test('reaches the app encrypted and signed, in the form of WECOM.md 4.6', async () => {
    await listen()
    const callback = await happen({ event: 'enter_agent', userid: 'zhangsan' })
    expect(callback).toMatchObject({ outcome: 'delivered', attempts: [{ status: 200 }] })
    const { xml, corpId } = app.heard[0]!
    expect(corpId).toBe(wecom.corp.corpId)
    expect(xml.replace(/\d{10}/, '1700000000')).toBe(
      `<xml><ToUserName><![CDATA[${wecom.corp.corpId}]]></ToUserName><FromUserName><![CDATA[zhangsan]]></FromUserName>` +
        '<CreateTime>1700000000</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[enter_agent]]></Event>' +
        '<EventKey><![CDATA[]]></EventKey><AgentID>1000002</AgentID></xml>',
    )
  })

  test('is tried three times, with a limit of its own, and then given up', async () => {
    // Long enough for a busy machine to answer the other two in time.
    await listen({ timeoutMs: 2000 })
    app.answers.push('hang', 500, 'success')
    expect(await happen({ event: 'subscribe', userid: 'lisi' })).toMatchObject({
      outcome: 'delivered',
      attempts: [
        { status: null, note: 'no answer within 2000 ms' },
        { status: 500, note: 'answered HTTP 500' },
        { status: 200, note: '' },
      ],
    })
    app.answers.push(500, 502, 503, 200)
    const { attempts, outcome } = await happen({ event: 'subscribe', userid: 'lisi' })
    expect([outcome, attempts.length]).toEqual(['given up', 3])
  })

  test('comes again on demand: by habit, repeated, or replayed byte for byte', async () => {
    await listen({ duplicates: 1 })
    const { id } = await happen({ event: 'subscribe', userid: 'lisi' })
    await vi.waitFor(() => expect(app.heard).toHaveLength(2), PATIENT)
    expect(app.heard[1]!.xml).toBe(app.heard[0]!.xml)
    await listen({ duplicates: 0 })
    expect(await wecom.control('POST', `/callbacks/${id}/repeat`)).toMatchObject({ outcome: 'delivered' })
    expect(app.heard[2]!.xml).toBe(app.heard[0]!.xml)
    expect(app.heard[2]!.url).not.toBe(app.heard[0]!.url)
    expect(await wecom.control('POST', `/callbacks/${id}/repeat`, { exact: true })).toEqual({ status: 200, note: '' })
    expect(app.heard[3]!.url).toBe(app.heard[0]!.url)
  })
})

describe('the contacts', () => {
  const told = () =>
    app.heard.map(({ xml }) => [xmlText(xml, 'ChangeType') ?? xmlText(xml, 'Event'), xmlText(xml, 'UserID')])

  test('tell who joins, changes and leaves, and who comes into the range or falls out of it', async () => {
    await listen()
    const { departments } = await wecom.control<{ departments: { id: number; name: string }[] }>('GET', '/corp')
    const idOf = (name: string) => departments.find((each) => each.name === name)!.id
    await wecom.control('POST', '/people', { userid: 'xinren', name: '新人', departments: [idOf('华东大区')] })
    await vi.waitFor(() => expect(app.heard).toHaveLength(2), PATIENT)
    await wecom.control('PATCH', '/people/xinren', { name: '旧人' })
    await vi.waitFor(() => expect(app.heard).toHaveLength(3), PATIENT)
    await wecom.control('PATCH', '/people/xinren', { departments: [idOf('外部顾问组')] })
    await vi.waitFor(() => expect(app.heard).toHaveLength(5), PATIENT)
    expect(told()).toEqual([
      ['create_user', 'xinren'],
      ['subscribe', undefined],
      ['update_user', 'xinren'],
      ['delete_user', 'xinren'],
      ['unsubscribe', undefined],
    ])
    expect(xmlText(app.heard[2]!.xml, 'Name')).toBe('旧人')
    // Out of the range: whatever happens there is none of the app's business.
    await wecom.control('DELETE', '/people/xinren')
    expect(app.heard).toHaveLength(5)
  })

  test('a smaller range is told person by person', async () => {
    await listen()
    await wecom.control('PUT', '/visible', { parties: [], users: ['linjianguo', 'guwen-01'], tags: [] })
    await vi.waitFor(() => expect(app.heard.length).toBeGreaterThan(200), PATIENT)
    expect(told().filter(([event]) => event === 'subscribe')).toHaveLength(1)
  })
})

describe('a card', () => {
  const card = {
    card_type: 'text_notice',
    task_id: 'mt-42-b001-0',
    main_title: { title: '新品朋友圈' },
    card_action: { type: 1, url: 'http://localhost:3000/m/tasks/42' },
    action_menu: { desc: '更多', action_list: [{ text: '稍后提醒', key: 'later:42' }] },
  }
  const send = () =>
    wecom.call('message/send', {}, aCard({ msgtype: 'template_card', template_card: card, touser: 'zhangsan|lisi' }))
  const press = async (userid: string, key = 'later:42') => {
    const [received] = await inbox(userid)
    return wecom.control<Callback>('POST', `/phones/${userid}/press`, { message: received!.id, key })
  }

  test('with a menu needs an address', async () => {
    expect(await send()).toMatchObject({ errcode: 43012 })
  })

  test('tells of a press, with a code that updates this phone and no other', async () => {
    await listen()
    expect(await send()).toMatchObject({ errcode: 0, response_code: expect.any(String) })
    expect(await press('lisi', 'other')).toMatchObject({ error: '卡片上没有这个按钮' })
    const { xml, event } = await press('lisi')
    expect(event).toBe('template_card_menu_event')
    expect(['FromUserName', 'EventKey', 'TaskId', 'CardType'].map((name) => xmlText(xml, name))).toEqual([
      ...['lisi', 'later:42', 'mt-42-b001-0', 'text_notice'],
    ])
    const update = {
      userids: ['lisi', 'zhangsan'],
      agentid: wecom.corp.agentId,
      response_code: xmlText(xml, 'ResponseCode'),
      template_card: { ...card, main_title: { title: '已完成' }, action_menu: undefined },
    }
    expect(await wecom.call('message/update_template_card', {}, update)).toMatchObject({
      errcode: 0,
      invaliduser: ['zhangsan'],
    })
    expect((await inbox('lisi'))[0]).toMatchObject({ update: { main_title: { title: '已完成' } } })
    expect((await inbox('zhangsan'))[0]!.update).toBeUndefined()
    expect(await wecom.call('message/update_template_card', {}, update)).toMatchObject({ errcode: 60140 })
  })

  test('is changed by the reply to a press, and a text comes as a message', async () => {
    await listen()
    await send()
    const reply = (fields: object) => {
      const plain = toXml({ xml: { ToUserName: 'lisi', ...fields } })
      const encrypted = encrypt(AES_KEY, plain, wecom.corp.corpId)
      const signature = sign(TOKEN, '1700000001', 'n2', encrypted)
      return toXml({ xml: { Encrypt: encrypted, MsgSignature: signature, TimeStamp: 1700000001, Nonce: 'n2' } })
    }
    app.answers.push(reply({ MsgType: 'update_button', Button: { ReplaceName: '已完成' } }))
    expect(await press('lisi')).toMatchObject({ attempts: [{ note: 'replied by disabling the buttons' }] })
    expect((await inbox('lisi'))[0]).toMatchObject({ update: { replace_name: '已完成' } })
    app.answers.push(reply({ MsgType: 'text', Content: '收到' }))
    await happen({ event: 'text', userid: 'lisi', content: '完成了' })
    expect((await inbox('lisi'))[1]).toMatchObject({ content: { content: '收到' } })
    app.answers.push('ok')
    expect(await press('lisi')).toMatchObject({ attempts: [{ note: expect.stringContaining('neither empty nor') }] })
  })
})
