import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { askWecom, locationOf, logIn } from '../test/login.ts'
import { startWorld, type World } from '../test/world.ts'

let world: World
beforeAll(async () => void (world = await startWorld()))
afterAll(() => world.stop())

const noSession = { code: 'unauthenticated', status: 401 }
const refusal = (location: string) => {
  const url = new URL(location, world.publicUrl)
  return { page: url.pathname, ...Object.fromEntries(url.searchParams) }
}

describe('who comes by WeCom', () => {
  test('as an employee is let in, and is known by name and department', async () => {
    const lisi = await world.employee('lisi')
    expect(await lisi('GET /api/me/session')).toEqual({
      userid: 'lisi',
      name: '李四',
      department: '总部职能中心/市场品牌部',
      corpId: world.wecom.corp.corpId,
      agentId: world.wecom.corp.agentId,
    })
  })

  test('as an administrator gets the console, but not the phone pages, and the other way round', async () => {
    const admin = await world.admin('zhangsan')
    expect(await admin('GET /api/console/session')).toMatchObject({
      userid: 'zhangsan',
      limits: { executors: 100 },
      cardKind: 'textcard',
    })
    const employee = await world.employee('zhangsan')
    expect((await admin.browser.get('/api/me/session')).status).toBe(401)
    expect((await employee.browser.get('/api/console/session')).status).toBe(401)
  })

  test('returns to the page the login began at, whose address holds no code', async () => {
    const page = await logIn(world.browser(), world.wecom, 'me', 'lisi', '/m/pushes/p1?from=card#top')
    expect(page).toBe('/m/pushes/p1?from=card#top')
  })

  test('without being an administrator is told so by name', async () => {
    const page = await logIn(world.browser(), world.wecom, 'admin', 'lisi', '/admin/tasks')
    expect(refusal(page)).toEqual({
      page: '/admin/login',
      error: 'not_admin',
      name: '李四',
      ask: '张三',
      return: '/admin/tasks',
    })
  })

  test('without seeing the app is told so', async () => {
    const page = await logIn(world.browser(), world.wecom, 'me', 'guwen-01')
    expect(refusal(page)).toEqual({ page: '/m/refused', reason: 'not_employee', return: '/m/' })
  })

  test('and joined a minute ago is let in before the directory is copied', async () => {
    await world.wecom.hire({ userid: 'xiaoxin', name: '单小新', departments: [3] })
    const xiaoxin = await world.employee('xiaoxin')
    expect(await xiaoxin('GET /api/me/session')).toMatchObject({
      name: '单小新',
      department: '总部职能中心/市场品牌部',
    })
  })
})

describe('a login that does not end well', () => {
  test('declined at WeCom', async () => {
    const browser = world.browser()
    const toWecom = locationOf(await browser.get('/auth/console/login?return=/admin/messages'))
    const back = await browser.get(await world.wecom.decline(toWecom))
    expect(refusal(locationOf(back))).toEqual({ page: '/admin/login', error: 'cancelled', return: '/admin/messages' })
  })

  test('a state that is missing, made up, used before or of the other audience opens no session', async () => {
    const browser = world.browser()
    const callback = await askWecom(browser, world.wecom, 'me', 'lisi')
    const altered = callback.replace(/state=\w{4}/, 'state=0000')
    for (const address of [callback.replace(/&state=.*/, ''), altered, callback.replace('/me/', '/console/')]) {
      const { page, reason, error } = refusal(locationOf(await browser.get(address))) as Record<string, string>
      expect([page, reason ?? error]).toEqual([page, 'expired'])
    }
    expect(locationOf(await browser.get(callback))).toBe('/m/')
    const stolen = world.browser()
    for (const name of browser.cookies.keys())
      if (name.endsWith('login')) stolen.cookies.set(name, browser.cookies.get(name)!)
    expect(refusal(locationOf(await stolen.get(callback)))).toMatchObject({ reason: 'expired' })
    expect((await stolen.get('/api/me/session')).status).toBe(401)
  })

  test('begun more than a quarter of an hour ago opens no session, however new the code', async () => {
    const browser = world.browser()
    const toWecom = locationOf(await browser.get('/auth/me/login'))
    const now = world.clock.now()
    world.clock.set(now + 15 * 60_000)
    const callback = await world.wecom.authorize(toWecom, 'lisi')
    expect(refusal(locationOf(await browser.get(callback)))).toMatchObject({ reason: 'expired' })
    world.clock.set(now)
  })

  test('somebody else cannot be made to finish my login', async () => {
    const callback = await askWecom(world.browser(), world.wecom, 'me', 'zhangsan')
    const victim = world.browser()
    await victim.get('/auth/me/login')
    expect(refusal(locationOf(await victim.get(callback)))).toMatchObject({ reason: 'expired' })
    expect((await victim.get('/api/me/session')).status).toBe(401)
  })

  test.each([
    ['me', { page: '/m/refused', reason: 'not_employee' }],
    ['admin', { page: '/admin/login', error: 'not_admin' }],
  ] as const)('somebody who is no member of the corp is told so (%s)', async (audience, told) => {
    const browser = world.browser()
    const callback = await askWecom(browser, world.wecom, audience, 'lisi')
    const code = await world.wecom.codeOfOutsider()
    const location = locationOf(await browser.get(callback.replace(/code=[^&]+/, `code=${code}`)))
    expect(refusal(location)).toMatchObject(told)
    expect((await browser.get('/api/me/session')).status).toBe(401)
  })

  test('a code WeCom does not know any more', async () => {
    const browser = world.browser()
    const callback = await askWecom(browser, world.wecom, 'me', 'lisi')
    const page = locationOf(await browser.get(callback.replace(/code=[^&]+/, 'code=used-before')))
    expect(refusal(page)).toMatchObject({ page: '/m/refused', reason: 'expired' })
  })

  test('WeCom out of reach', async () => {
    const browser = world.browser()
    const callback = await askWecom(browser, world.wecom, 'me', 'lisi', '/m/done')
    await world.wecom.fault({ path: '/cgi-bin/auth/getuserinfo', kind: 'http-502' })
    const page = locationOf(await browser.get(callback))
    expect(refusal(page)).toEqual({ page: '/m/refused', reason: 'unavailable', return: '/m/done' })
  })

  test.each(['//evil.example', '/\\evil.example', 'https://evil.example/m/', '/m/../../evil', '/admin/', '/m\t/x'])(
    'never leads to %s',
    async (evil) => {
      const page = await logIn(world.browser(), world.wecom, 'me', 'lisi', evil)
      expect(page).toBe('/m/')
    },
  )
})

describe('sessions', () => {
  test('survive the back button, which opens the used callback again', async () => {
    const browser = world.browser()
    const callback = await askWecom(browser, world.wecom, 'me', 'lisi', '/m/pushes/p1')
    await browser.get(callback)
    expect(locationOf(await browser.get(callback))).toBe('/m/')
    expect((await browser.get('/api/me/session')).status).toBe(200)
  })

  test('two cards tapped together both arrive', async () => {
    const browser = world.browser()
    const first = await askWecom(browser, world.wecom, 'me', 'lisi', '/m/first')
    const second = await askWecom(browser, world.wecom, 'me', 'lisi', '/m/second')
    expect(locationOf(await browser.get(second))).toBe('/m/second')
    expect(locationOf(await browser.get(first))).toBe('/m/first')
  })

  test('a new login gets a new token and ends the old session of this browser only', async () => {
    const other = await world.employee('lisi')
    const lisi = await world.employee('lisi')
    const before = new Map(lisi.browser.cookies)
    await logIn(lisi.browser, world.wecom, 'me', 'lisi')
    const old = world.browser()
    for (const [name, value] of before) old.cookies.set(name, value)
    expect((await old.get('/api/me/session')).status).toBe(401)
    await lisi('GET /api/me/session')
    await other('GET /api/me/session')
  })

  test('end with the logout', async () => {
    const admin = await world.admin('zhangsan')
    const cookies = new Map(admin.browser.cookies)
    await admin('POST /api/console/logout')
    for (const [name, value] of cookies) admin.browser.cookies.set(name, value)
    await expect(admin('GET /api/console/session')).rejects.toMatchObject(noSession)
  })

  test('end on the next call of somebody who left the company', async () => {
    await world.wecom.hire({ userid: 'linshi', name: '临时工', departments: [3] })
    const leaving = await world.employee('linshi')
    await world.wecom.dismiss('linshi')
    const admin = await world.admin('zhangsan')
    await admin('POST /api/console/directory/sync')
    await world.parts.jobs.idle()
    await expect(leaving('GET /api/me/session')).rejects.toMatchObject(noSession)
    const again = await logIn(world.browser(), world.wecom, 'me', 'lisi')
    expect(again).toBe('/m/')
  })

  test('are asked for by every endpoint that needs one', async () => {
    await expect(world.anonymous('GET /api/console/session')).rejects.toMatchObject(noSession)
    await expect(world.anonymous('GET /api/me/session')).rejects.toMatchObject(noSession)
  })
})

test('an administrator gets in before the directory was copied for the first time', async () => {
  const first = await startWorld({ people: 20 })
  await first.parts.db.deleteFrom('departmentMembers').execute()
  await first.parts.db.deleteFrom('employees').execute()
  const zhangsan = await first.admin('zhangsan')
  expect(await zhangsan('GET /api/console/session')).toMatchObject({ userid: 'zhangsan', name: '张三' })
  await first.stop()
})

test('who got in, who did not and why, and what was forbidden stands in the log', async () => {
  const info = vi.spyOn(world.parts.log, 'info')
  await world.employee('lisi')
  await logIn(world.browser(), world.wecom, 'admin', 'lisi')
  await world.browser().get('/auth/me/callback?code=canary&state=made-up')
  await world.browser().get('/files/images/x/full?v=me:lisi&e=1&s=canary')
  const from = expect.any(String) as string
  expect(info.mock.calls).toEqual([
    [{ audience: 'me', userid: 'lisi', from }, 'logged in'],
    [{ audience: 'admin', reason: 'not_admin', name: '李四', from }, 'a login was refused'],
    [{ audience: 'me', reason: 'expired', from }, 'a login was refused'],
    [
      { code: 'forbidden', requestId: expect.any(String) as string, path: '/files/images/x/full', from },
      'request refused',
    ],
  ])
  info.mockRestore()
})

test('a person who logs in without end has to wait, from however many addresses', async () => {
  const statuses: number[] = []
  const attempt = async (n: number) => {
    const browser = world.browser()
    const callback = await askWecom(browser, world.wecom, 'me', 'zhaoyun')
    const { status } = await browser.get(callback, { 'X-Forwarded-For': `198.51.100.${n}` })
    statuses.push(status)
  }
  for (let n = 1; n <= 31; n += 1) await attempt(n)
  expect([statuses[0], statuses.at(-1)]).toEqual([302, 429])
})

test('flooding the login is answered with 429 and when to come back', async () => {
  const browser = world.browser()
  const answers = []
  const begun = []
  // Not all at once: that would test the operating system's queue of connections.
  for (let wave = 0; wave < 13; wave += 1) {
    answers.push(...(await Promise.all(Array.from({ length: 100 }, () => browser.get('/auth/me/callback')))))
    begun.push(await browser.get('/auth/console/login'))
  }
  expect(begun.map(({ status }) => status)).toContain(429)
  const refused = answers.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(50)
  expect(Number(refused[0]!.headers['retry-after'])).toBeGreaterThan(0)
}, 60_000)
