import { afterAll, beforeAll, expect, test } from 'vitest'
import { everyEndpoint } from '@qimeng/contract'
import { startWorld, type World } from '../test/world.ts'

const HOUR = 3_600_000

let world: World
beforeAll(async () => void (world = await startWorld()))
afterAll(() => world.stop())

test('without a session every endpoint that needs one says 401, and the other audience’s session is none', async () => {
  const browsers = {
    admin: (await world.employee('zhangsan')).browser,
    employee: (await world.admin('zhangsan')).browser,
  }
  for (const [name, endpoint] of Object.entries(everyEndpoint)) {
    for (const browser of [world.browser(), browsers[endpoint.for as 'admin' | 'employee']]) {
      const { status } = await browser.http.request({
        method: endpoint.method,
        url: endpoint.path.replaceAll(/:\w+/g, 'x'),
        headers: { 'X-Requested-With': 'qimeng-moments' },
        validateStatus: () => true,
      })
      expect([name, status]).toEqual([name, 401])
    }
  }
})

test('a console session ends after 8 idle hours and after a day of work', async () => {
  const idle = await world.admin('zhangsan')
  const busy = await world.admin('zhangsan')
  const start = world.clock.now()
  for (let hour = 0; hour < 24; hour += 4) {
    world.clock.set(start + hour * HOUR)
    await busy('GET /api/console/session')
  }
  await expect(idle('GET /api/console/session')).rejects.toMatchObject({ status: 401 })
  world.clock.set(start + 24 * HOUR)
  await expect(busy('GET /api/console/session')).rejects.toMatchObject({ status: 401 })
})

test('no token lies in the database, and the cookie is for this server alone', async () => {
  const toWecom = await world.browser().get('/auth/me/login')
  expect(toWecom.headers['set-cookie']).toEqual([
    expect.stringMatching(/^qimeng_login=[\w-]{43}; Max-Age=\d+; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/),
  ])
  const { browser } = await world.employee('lisi')
  const token = browser.cookies.get('qimeng_me')!
  const rows = await world.parts.db.selectFrom('sessions').selectAll().execute()
  expect(JSON.stringify(rows)).not.toContain(token)
})

test('a right that is gone is gone on the next request, although the session is still there', async () => {
  const { db } = world.parts
  const admin = await world.admin('zhangsan')
  const lisi = await world.employee('lisi')
  const [row] = await db.deleteFrom('admins').where('userid', '=', 'zhangsan').returningAll().execute()
  await expect(admin('GET /api/console/session')).rejects.toMatchObject({ status: 401 })
  await db.insertInto('admins').values(row!).execute()
  await admin('GET /api/console/session')
  await db.updateTable('employees').set({ active: 0 }).where('userid', 'in', ['zhangsan', 'lisi']).execute()
  await expect(admin('GET /api/console/session')).rejects.toMatchObject({ status: 401 })
  await expect(lisi('GET /api/me/session')).rejects.toMatchObject({ status: 401 })
  await db.updateTable('employees').set({ active: 1 }).where('userid', 'in', ['zhangsan', 'lisi']).execute()
})

test('behind https the cookie is bound to the host, and browsers are told to stay with https', async () => {
  await world.restart({ env: { PUBLIC_URL: 'https://moments.example.com' } })
  const { headers } = await world.browser().get('/auth/me/login')
  expect(headers['set-cookie']).toEqual([expect.stringMatching(/^__Host-qimeng_login=.*; Path=\/; .*HttpOnly; Secure/)])
  expect(headers['strict-transport-security']).toContain('max-age=')
})
