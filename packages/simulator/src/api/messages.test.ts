import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aCard, aSimulator, type TestSimulator } from '../test/harness.ts'

let wecom: TestSimulator
let now = Date.now()
beforeEach(async () => {
  wecom = await aSimulator({ clock: { now: () => now } })
})
afterEach(() => wecom.close())

const send = (body: unknown) => wecom.call('message/send', {}, body)
const inbox = (userid: string) =>
  wecom.control<{ content: Record<string, string>; recalled: boolean }[]>('GET', `/phones/${userid}/messages`)

describe('recipients', () => {
  test('userids are matched without case, the invalid ones come back lower-cased', async () => {
    const answer = await send(aCard({ touser: 'ZhangSan|alice.wang|Ghost|guwen-01|zhangsan' }))
    expect(answer).toMatchObject({ errcode: 0, errmsg: 'ok', invaliduser: 'ghost|guwen-01', msgid: expect.any(String) })
    expect(await inbox('zhangsan')).toHaveLength(1)
    expect(await inbox('Alice.Wang')).toHaveLength(1)
  })

  test('nobody left is 81013', async () => {
    expect(await send(aCard({ touser: 'ghost' }))).toMatchObject({ errcode: 81013, invaliduser: 'ghost' })
  })

  test('people without a licence are listed and get nothing', async () => {
    await wecom.control('PATCH', '/people/lisi', { licensed: false })
    expect(await send(aCard({ touser: 'zhangsan|lisi' }))).toMatchObject({ errcode: 0, unlicenseduser: 'lisi' })
    expect(await inbox('lisi')).toHaveLength(0)
  })

  test('departments take in those below, tags their people, @all everybody in range', async () => {
    const { departments } = await wecom.control<{ departments: { id: number; name: string }[] }>('GET', '/corp')
    const east = departments.find((each) => each.name === '华东大区')!.id
    expect(await send(aCard({ touser: '', toparty: `${east}|9999` }))).toMatchObject({
      errcode: 0,
      invalidparty: '9999',
    })
    expect(await inbox('zhangsan')).toHaveLength(1)
    await send(aCard({ touser: '', totag: '1' }))
    expect(await inbox('guwen-03')).toHaveLength(1)
    await send(aCard({ touser: '@all' }))
    expect(await inbox('linjianguo')).toHaveLength(1)
    expect(await inbox('guwen-01')).toHaveLength(0)
  })

  test('a tag takes in its departments and those below', async () => {
    const { departments } = await wecom.control<{ departments: { id: number; name: string }[] }>('GET', '/corp')
    const east = departments.find((each) => each.name === '华东大区')!.id
    await wecom.control('PUT', '/tags/1', { userids: ['guwen-03'], parties: [east] })
    expect(await wecom.call('tag/get', { tagid: '1' })).toMatchObject({ partylist: [east] })
    expect(await send(aCard({ touser: '', totag: '1' }))).toMatchObject({ errcode: 0, invalidtag: '' })
    const received = await Promise.all(['zhangsan', 'guwen-03', 'linjianguo'].map(inbox))
    expect(received.map(({ length }) => length)).toEqual([1, 1, 0])
  })

  test.each([
    [82001, { touser: '' }],
    [40032, { touser: Array.from({ length: 1001 }, (_, i) => `u${i}`).join('|') }],
    [82002, { toparty: Array.from({ length: 101 }, (_, i) => i).join('|') }],
    [82003, { totag: Array.from({ length: 101 }, (_, i) => i).join('|') }],
    [301002, { agentid: 1000003 }],
    [40056, { agentid: 7 }],
    [40056, { agentid: '1000002' }],
    [40008, { msgtype: 'poem' }],
  ])('%i', async (errcode, change) => {
    expect(await send(aCard(change))).toMatchObject({ errcode })
  })
})

describe('content', () => {
  test('a textcard is cut to its lengths and delivered', async () => {
    await send(
      aCard({
        textcard: {
          title: '标'.repeat(200),
          description: '述'.repeat(600),
          url: 'https://a.example',
          btntxt: '马上去完成',
        },
      }),
    )
    const [message] = await inbox('zhangsan')
    expect(message!.content).toEqual({
      title: '标'.repeat(128),
      description: '述'.repeat(512),
      url: 'https://a.example',
      btntxt: '马上去完',
    })
  })

  test.each([
    [41016, { description: 'd', url: 'https://a.example' }],
    [41033, { title: 't', url: 'https://a.example' }],
    [41010, { title: 't', description: 'd' }],
    [45034, { title: 't', description: 'd', url: 'a.example' }],
    [40039, { title: 't', description: 'd', url: `https://a.example/${'x'.repeat(2048)}` }],
  ])('a textcard is refused with %i', async (errcode, textcard) => {
    expect(await send(aCard({ textcard }))).toMatchObject({ errcode })
  })

  const notice = {
    card_type: 'text_notice',
    main_title: { title: 't' },
    card_action: { type: 1, url: 'https://a.example' },
  }
  const button = { type: 1, text: '去发布', url: 'https://a.example' }
  test.each([
    [0, notice],
    [0, { card_type: 'button_interaction', task_id: 'mt-1', main_title: { title: 't' }, button_list: [button] }],
    [0, { ...notice, card_type: 'news_notice', card_image: { url: 'https://a.example/1.png' } }],
    [42031, { card_type: 'haiku' }],
    [42045, { ...notice, card_action: undefined }],
    [42028, { ...notice, card_action: { type: 1 } }],
    [42033, { ...notice, main_title: {} }],
    [42044, { ...notice, card_type: 'news_notice' }],
    [42027, { ...notice, horizontal_content_list: [{ value: 'v' }] }],
    [42035, { ...notice, horizontal_content_list: Array.from({ length: 7 }, () => ({ keyname: 'k' })) }],
    [42014, { ...notice, task_id: '空 格' }],
    [42014, { card_type: 'button_interaction', main_title: { title: 't' }, button_list: [button] }],
    [42038, { card_type: 'button_interaction', task_id: 'mt-2', main_title: { title: 't' }, button_list: [] }],
    [
      43012,
      {
        card_type: 'button_interaction',
        task_id: 'mt-3',
        main_title: { title: 't' },
        button_list: [{ text: 'a', key: 'k' }],
      },
    ],
  ])('a template card answers %i', async (errcode, template_card) => {
    const { errcode: answered } = await send(aCard({ msgtype: 'template_card', template_card }))
    expect(answered).toBe(errcode)
  })

  test('a task_id serves once', async () => {
    const body = aCard({ msgtype: 'template_card', template_card: { ...notice, task_id: 'mt-9' } })
    expect(await send(body)).toMatchObject({ errcode: 0 })
    expect(await send(body)).toMatchObject({ errcode: 42014 })
  })

  test('a malformed body is named in the message', async () => {
    const answer = await (await wecom.raw('message/send', { access_token: await wecom.token() }, '{"touser":')).json()
    expect(answer).toMatchObject({ errcode: 41011, errmsg: expect.stringContaining('Warning: wrong json format.') })
  })
})

describe('what is dropped without a word', () => {
  test('the same bytes within the interval', async () => {
    const body = aCard({ enable_duplicate_check: 1, duplicate_check_interval: 14_400 })
    const first = await send(body)
    now += 14_000_000
    expect(await send(body)).toEqual(first)
    expect(await inbox('zhangsan')).toHaveLength(1)
    now += 401_000
    expect(await send(body)).toMatchObject({ errcode: 0 })
    expect(await inbox('zhangsan')).toHaveLength(2)
  })

  test('but not without the check, nor other bytes', async () => {
    await send(aCard())
    await send(aCard())
    await send(aCard({ enable_duplicate_check: 1 }))
    await send(aCard({ enable_duplicate_check: 1, touser: 'zhangsan|lisi' }))
    expect(await inbox('zhangsan')).toHaveLength(4)
  })

  test('more than 30 a minute for one member, while others go on', async () => {
    for (let i = 0; i < 31; i++) expect(await send(aCard())).toMatchObject({ errcode: 0 })
    await send(aCard({ touser: 'zhangsan|lisi' }))
    expect(await inbox('zhangsan')).toHaveLength(30)
    expect(await inbox('lisi')).toHaveLength(1)
    now += 61_000
    await send(aCard())
    expect(await inbox('zhangsan')).toHaveLength(31)
  })
})

test('a message can be recalled for a day', async () => {
  const { msgid } = await send(aCard())
  expect(await wecom.call('message/recall', {}, { msgid: 'nothing' })).toMatchObject({ errcode: 40058 })
  expect(await wecom.call('message/recall', {}, { msgid })).toMatchObject({ errcode: 0 })
  expect((await inbox('zhangsan'))[0]).toMatchObject({ recalled: true })
  now += 25 * 3_600_000
  expect(await wecom.call('message/recall', {}, { msgid })).toMatchObject({ errcode: 42052 })
})

test('a card is updated with its response_code, once', async () => {
  const template_card = {
    card_type: 'button_interaction',
    task_id: 'mt-1',
    main_title: { title: '新品朋友圈' },
    button_list: [{ type: 1, text: '去发布', url: 'https://a.example' }],
  }
  const { response_code } = await send(aCard({ msgtype: 'template_card', template_card, touser: 'zhangsan|lisi' }))
  const update = { userids: ['zhangsan', 'Ghost'], agentid: 1000002, response_code, button: { replace_name: '已完成' } }
  expect(await wecom.call('message/update_template_card', {}, update)).toMatchObject({
    errcode: 0,
    invaliduser: ['ghost'],
  })
  expect((await inbox('zhangsan'))[0]).toMatchObject({ update: { replace_name: '已完成' } })
  expect(await wecom.call('message/update_template_card', {}, update)).toMatchObject({ errcode: 60140 })
})
