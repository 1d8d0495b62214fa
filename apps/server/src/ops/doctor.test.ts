import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startWorld, type AdminCaller, type World } from '../test/world.ts'

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
  [60020, '企业可信IP'],
  [40001, 'Secret'],
  [301002, 'AgentId'],
  [50003, '启用该应用'],
])('WeCom’s refusal %i is explained with its cure', async (errcode, cure) => {
  await world.wecom.fault({ path: '/cgi-bin/agent/get', kind: 'errcode', errcode })
  expect((await wrongs())[0]).toMatchObject({
    name: '企业微信连接',
    message: expect.stringContaining(String(errcode)),
    cure: expect.stringContaining(cure),
  })
})

test('WeCom out of reach is told with the address to check', async () => {
  await world.wecom.down(60)
  expect((await wrongs())[0]).toMatchObject({ name: '企业微信连接', cure: expect.stringContaining(world.wecom.url) })
})

test('an app nobody sees is found', async () => {
  await world.wecom.showTo({ users: [], parties: [], tags: [] })
  expect(await wrongs()).toContainEqual(expect.objectContaining({ name: '可见范围' }))
})
