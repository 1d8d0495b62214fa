import { beforeEach, expect, it, vi } from 'vitest'

let here: { location: Location; sessionStorage: Storage }
let left: string[]

const load = () => import('./login.ts')

beforeEach(() => {
  vi.resetModules()
  sessionStorage.clear()
  left = []
  here = {
    sessionStorage,
    location: { pathname: '/m/pushes/p1', search: '?b=b1', replace: (url: string) => left.push(url) } as never,
  }
})

it('leaves for a silent login that comes back to the same page, once for several failing calls', async () => {
  const { beginLogin } = await load()
  beginLogin(1000, here)
  beginLogin(1001, here)
  expect(left).toEqual(['/auth/me/login?return=%2Fm%2Fpushes%2Fp1%3Fb%3Db1'])
})

it('does not go round in circles when the session does not stick', async () => {
  ;(await load()).beginLogin(1000, here)
  // Back from the login, a new page, and refused again.
  vi.resetModules()
  const { beginLogin, loginStuck } = await load()
  beginLogin(5000, here)
  expect(left).toHaveLength(1)
  expect(loginStuck.value).toBe(true)
})

it('logs in again at once when the last login had worked, or lies long back', async () => {
  const first = await load()
  first.beginLogin(1000, here)
  vi.resetModules()
  const second = await load()
  second.forgetAttempt(here)
  second.beginLogin(5000, here)
  expect(left).toHaveLength(2)
  vi.resetModules()
  const third = await load()
  third.beginLogin(5000 + third.LOOP_WINDOW_MS, here)
  expect(left).toHaveLength(3)
})

it('says that it is stuck where storage is blocked, instead of trying for ever', async () => {
  const blocked = () => {
    throw new DOMException('blocked', 'SecurityError')
  }
  const page = { ...here, sessionStorage: { getItem: blocked } as never }
  const { beginLogin, loginStuck } = await load()
  beginLogin(1000, page)
  expect(left).toEqual([])
  expect(loginStuck.value).toBe(true)
})

it('tries again when asked, also where it was stuck', async () => {
  const { beginLogin, loginStuck, retryLogin } = await load()
  sessionStorage.setItem('qimeng.login-attempt', '1000')
  beginLogin(2000, here)
  expect(loginStuck.value).toBe(true)
  retryLogin('/m/tasks', here)
  expect(left).toEqual(['/auth/me/login?return=%2Fm%2Ftasks'])
  expect(loginStuck.value).toBe(false)
})
