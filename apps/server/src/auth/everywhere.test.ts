import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AdminCaller, type EmployeeCaller, startWorld, type World } from '../test/world.ts'

let world: World
let desk: AdminCaller
let laptop: AdminCaller
let phone: EmployeeCaller
beforeEach(async () => {
  world = await startWorld({ admins: ['zhangsan', 'wangwu'] })
  ;[desk, laptop, phone] = [
    await world.admin('zhangsan'),
    await world.admin('zhangsan'),
    await world.employee('zhangsan'),
  ]
})
afterEach(() => world.stop())

const MINUTE = 60_000
const statuses = async () => [
  (await desk.browser.get('/api/console/session')).status,
  (await laptop.browser.get('/api/console/session')).status,
  (await phone.browser.get('/api/me/session')).status,
]
const deeds = async () => {
  const { rows } = await (await world.admin('wangwu'))('GET /api/console/audit')
  return rows.map(({ actor, action, about }) => `${actor} ${action} ${about}`)
}

test('a person sees where he is logged in, and ends all of it at once, the others’ logins apart', async () => {
  const wangwu = await world.admin('wangwu')
  world.clock.set(world.clock.now() + 20 * MINUTE)
  const { sessions } = await desk('GET /api/console/sessions')
  expect(sessions.map(({ place }) => place).toSorted()).toEqual(['console', 'console', 'phone'])
  expect(sessions.map(({ current }) => current)).toEqual([true, false, false])
  expect(sessions[0]!.lastSeenAt).toBeGreaterThan(sessions[1]!.lastSeenAt + 19 * MINUTE)
  const stolen = new Map(desk.browser.cookies)
  await desk('POST /api/console/logout/everywhere')
  for (const [name, value] of stolen) desk.browser.cookies.set(name, value)
  expect(await statuses()).toEqual([401, 401, 401])
  await wangwu('GET /api/console/session')
  expect(await deeds()).toContain('张三 session.end 张三')
})

test('an administrator ends the logins of another, who may log in again', async () => {
  const wangwu = await world.admin('wangwu')
  await wangwu('POST /api/console/admins/:userid/logout', { params: { userid: 'zhangsan' } })
  expect(await statuses()).toEqual([401, 401, 401])
  await (
    await world.admin('zhangsan')
  )('GET /api/console/session')
  expect(await deeds()).toContain('王五 session.end 张三')
  const nobody = wangwu('POST /api/console/admins/:userid/logout', { params: { userid: 'lisi' } })
  await expect(nobody).rejects.toMatchObject({ status: 404 })
})

test('who leaves the company is out of console and phone with the next request', async () => {
  await world.parts.db.updateTable('employees').set({ active: 0 }).where('userid', '=', 'zhangsan').execute()
  expect(await statuses()).toEqual([401, 401, 401])
})

test('who is no administrator any more is out of the console, and stays an employee', async () => {
  await world.parts.db.deleteFrom('admins').where('userid', '=', 'zhangsan').execute()
  expect(await statuses()).toEqual([401, 401, 200])
})

test('a phone’s login ends after a week without use, and after a month of use', async () => {
  const DAY = 24 * 60 * MINUTE
  const busy = await world.employee('lisi')
  const start = world.clock.now()
  for (let day = 6; day < 30; day += 6) {
    world.clock.set(start + day * DAY)
    await busy('GET /api/me/session')
  }
  expect((await statuses())[2]).toBe(401)
  world.clock.set(start + 30 * DAY)
  await expect(busy('GET /api/me/session')).rejects.toMatchObject({ status: 401 })
})
