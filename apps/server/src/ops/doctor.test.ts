import { getAgent } from '@qimeng/wecom'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { CALLBACK_ENV, listenHere } from '../callbacks/listening.fixture.ts'
import { startWorld, type AdminCaller, type World } from '../test/world.ts'
import { checkConfiguration } from './doctor.ts'

let world: World
let admin: AdminCaller
beforeAll(async () => {
  world = await startWorld()
  admin = await world.admin('zhangsan')
})
afterEach(() => world.wecom.up())
afterAll(() => world.stop())

const wrongs = async () => {
  const { checks } = await admin('GET /api/console/configuration')
  return checks.filter(({ ok }) => !ok)
}

test('on this machine only the missing https is found', async () => {
  expect(await wrongs()).toMatchObject([{ name: '访问地址', cure: expect.stringContaining('PUBLIC_URL') }])
})

test.each([
  [60020, /企业可信IP.*出口 IP 是 127\.0\.0\.1/],
  [40001, /Secret 不正确/],
  [40013, /企业 ID 不正确/],
  [40091, /Secret 可能属于另一家企业/],
  [301002, /AgentId 与 Secret 不属于同一个应用/],
  [40056, /AgentId 不存在/],
  [50001, /设置可信域名/],
  [85005, /归属校验/],
  [50003, /启用该应用/],
])('WeCom’s refusal %i is explained with its cure', async (errcode, cure) => {
  await world.wecom.fault({ path: '/cgi-bin/agent/get', kind: 'errcode', errcode })
  expect((await wrongs())[0]).toMatchObject({
    name: '企业微信连接',
    message: expect.stringContaining(String(errcode)),
    cure: expect.stringMatching(cure),
  })
})

// Posts tell of a token that is given and calls that are not, so either may be refused (WECOM.md 1.2).
test.each(['/cgi-bin/gettoken', '/cgi-bin/agent/get'])(
  'an address that is not trusted is named by %s',
  async (path) => {
    await world.wecom.fault({
      ...{ path, kind: 'errcode', errcode: 60020 },
      errmsg: 'not allow to access from your ip, hint: [1700000000_1a], from ip: 203.0.113.7, more info at https://…',
    })
    expect((await wrongs())[0]).toMatchObject({ cure: expect.stringContaining('203.0.113.7') })
  },
)

test('an address that WeCom bans, as it does who tries wrong secrets, is told for how long', async () => {
  await world.wecom.fault({ path: '/cgi-bin/gettoken', kind: 'errcode', errcode: 45009 })
  expect((await wrongs())[0]).toMatchObject({
    message: expect.stringContaining('45009'),
    cure: expect.stringMatching(/Secret.*一小时/),
  })
})

test('a secret that was reset is found while the old token still works, and work goes on with that', async () => {
  await world.wecom.fault({ path: '/cgi-bin/gettoken', kind: 'errcode', errcode: 40001 })
  expect((await wrongs())[0]).toMatchObject({ name: '企业微信连接', cure: expect.stringContaining('Secret 不正确') })
  const fetched = (await world.wecom.calls('/cgi-bin/gettoken')).length
  await getAgent(world.parts.wecom)
  expect(await world.wecom.calls('/cgi-bin/gettoken')).toHaveLength(fetched)
})

test('WeCom out of reach is told with the address to check', async () => {
  await world.wecom.down(60)
  expect((await wrongs())[0]).toMatchObject({ name: '企业微信连接', cure: expect.stringContaining(world.wecom.url) })
})

test('an app nobody sees is found', async () => {
  await world.wecom.showTo({ users: [], parties: [], tags: [] })
  expect(await wrongs()).toContainEqual(expect.objectContaining({ name: '可见范围' }))
})

test.each([
  [-75_000, '服务器时钟比企业微信快 75 秒'],
  [3_600_000, '服务器时钟比企业微信慢 60 分钟'],
])('a WeCom whose clock is %i ms away is found', async (offsetMs, message) => {
  await world.wecom.moveClock(offsetMs)
  const [skew] = (await wrongs()).filter(({ name }) => name === '服务器时钟')
  await world.wecom.moveClock(0)
  // The header tells whole seconds.
  expect(skew?.message.replace(/7[456] 秒/, '75 秒')).toBe(message)
  expect((await wrongs()).map(({ name }) => name)).not.toContain('服务器时钟')
})

test('an address that WeCom has never reached is found, until it has', async () => {
  const listening = await startWorld({ env: CALLBACK_ENV })
  try {
    const ask = await listening.admin('zhangsan')
    const finding = async () =>
      (await ask('GET /api/console/configuration')).checks.find(({ name }) => name === '接收消息')
    expect(await finding()).toMatchObject({
      ok: false,
      cure: expect.stringContaining(`${listening.publicUrl}/wecom/callback`),
    })
    await listenHere(listening)
    // It has its use without, so that is nothing wrong.
    expect(await finding()).toMatchObject({ ok: true, message: expect.stringContaining('没有上报「成员进入应用」') })
    await listening.wecom.reportEnter(true)
    expect(await finding()).toMatchObject({ ok: true, message: expect.not.stringContaining('没有上报') })
  } finally {
    await listening.stop()
  }
})

test('a real corp, under https, is told what it misses: the callback and the domain’s file', async () => {
  const { checks } = await withSecureAddress(world)
  expect(checks.filter(({ ok }) => !ok)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: '接收消息', cure: expect.stringContaining('WECOM_CALLBACK_TOKEN') }),
      expect.objectContaining({ name: '域名归属', cure: expect.stringContaining('WECOM_DOMAIN_FILE') }),
      expect.objectContaining({ name: '可信域名', cure: expect.stringContaining('moments.example.com') }),
    ]),
  )
  expect(checks).toContainEqual(expect.objectContaining({ name: '访问地址', ok: true }))
})

/** The same installation as if it stood behind a proxy with TLS. */
async function withSecureAddress({ parts }: World) {
  const config = { ...parts.config, publicUrl: 'https://moments.example.com', secure: true }
  return { checks: await checkConfiguration({ ...parts, config }) }
}
