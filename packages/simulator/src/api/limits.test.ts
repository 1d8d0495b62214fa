import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aCard, aSimulator, type Answer, type TestSimulator } from '../test/harness.ts'

let wecom: TestSimulator
let now = Date.now()
beforeEach(async () => {
  wecom = await aSimulator({ clock: { now: () => now } })
})
afterEach(() => wecom.close())

const limit = (limits: Record<string, number>) => wecom.control('PATCH', '/settings', { limits })
const codeOf = async (answer: Promise<{ errcode: number }>) => (await answer).errcode

describe('the frequency limits of WECOM.md 1.3', () => {
  test('are WeCom’s own unless told otherwise', async () => {
    expect(await wecom.control('GET', '/settings')).toMatchObject({
      limits: { corpPerMinute: 10_000, ipPerHour: 600_000, memberPerMinute: 30, ticketsPerHour: 100 },
    })
    expect(await limit({ callsPerMoon: 1 })).toEqual({ error: expect.stringContaining('limits must be one of') })
  })

  test('stop an API for a minute, and no other', async () => {
    const access_token = await wecom.token()
    const ask = async (path: string) => ((await (await wecom.raw(path, { access_token })).json()) as Answer).errcode
    const list = () => ask('department/list')
    await limit({ corpPerMinute: 2 })
    expect([await list(), await list(), await list()]).toEqual([0, 0, 45009])
    expect(await ask('department/simplelist')).toBe(0)
    now += 59_000
    expect(await list()).toBe(45009)
    now += 1_001
    expect(await list()).toBe(0)
  })

  test('do not count messages, but what an app delivers in a day', async () => {
    await limit({ corpPerMinute: 5, deliveriesPerDay: 3 })
    const send = () => codeOf(wecom.call('message/send', {}, aCard({ touser: 'zhangsan|lisi' })))
    // One call to two people is two deliveries.
    expect([await send(), await send()]).toEqual([0, 45009])
    now += 24 * 3_600_000 + 1
    expect(await send()).toBe(0)
  })

  test('drop what is too much for one member, without a word', async () => {
    await limit({ memberPerMinute: 1 })
    const send = () => wecom.call('message/send', {}, aCard())
    expect([await codeOf(send()), await codeOf(send())]).toEqual([0, 0])
    expect(await wecom.control('GET', '/phones/zhangsan/messages')).toHaveLength(1)
  })

  test('ration tickets and permanent pictures', async () => {
    await limit({ ticketsPerHour: 1, permanentPerDay: 1 })
    const ticket = () => codeOf(wecom.call('ticket/get', { type: 'agent_config' }))
    expect([await ticket(), await ticket()]).toEqual([0, 45009])
    expect(await codeOf(wecom.call('get_jsapi_ticket'))).toBe(0)
    const bytes = await sharp({ create: { width: 2, height: 2, channels: 3, background: '#888' } })
      .png()
      .toBuffer()
    const upload = () => {
      const form = new FormData()
      form.set('media', new Blob([Buffer.from(bytes)]), 'a.png')
      return codeOf(wecom.call('media/uploadimg', {}, form))
    }
    expect([await upload(), await upload()]).toEqual([0, 45009])
  })

  test('ban an address that guesses secrets for an hour', async () => {
    await limit({ wrongSecrets: 2 })
    const ask = async (corpsecret: string) => {
      const reply = await wecom.raw('gettoken', { corpid: wecom.corp.corpId, corpsecret })
      return ((await reply.json()) as { errcode: number }).errcode
    }
    expect([await ask('a'), await ask('b'), await ask('c')]).toEqual([40001, 40001, 45009])
    expect(await ask(wecom.corp.secret)).toBe(45009)
    now += 3_600_001
    expect(await ask(wecom.corp.secret)).toBe(0)
  })
})

test('only trusted addresses may call with a token (60020), which anybody may fetch', async () => {
  await wecom.control('PATCH', '/settings', { trustedIps: ['203.0.113.7'] })
  expect(await wecom.call('department/list')).toMatchObject({
    errcode: 60020,
    errmsg: expect.stringContaining('from ip: 127.0.0.1'),
  })
  await wecom.control('PATCH', '/settings', { trustedIps: ['127.0.0.1'] })
  expect(await codeOf(wecom.call('department/list'))).toBe(0)
})
