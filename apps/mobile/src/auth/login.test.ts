import { beforeEach, expect, it, vi } from 'vitest'

let page: { location: Location; sessionStorage: Storage; localStorage: Storage }
let left: string[]

const load = () => import('./login.ts')

beforeEach(() => {
  vi.resetModules()
  sessionStorage.clear()
  localStorage.clear()
  left = []
  page = {
    sessionStorage,
    localStorage,
    location: { pathname: '/m/pushes/p1', search: '?b=b1', replace: (url: string) => left.push(url) } as never,
  }
})

it('leaves for a silent login that comes back to the same page, once for several failing calls', async () => {
  const { beginLogin } = await load()
  beginLogin(1000, page)
  beginLogin(1001, page)
  expect(left).toEqual(['/auth/me/login?return=%2Fm%2Fpushes%2Fp1%3Fb%3Db1'])
})

it('on the first visit ever logs in without asking for a refusal first, and once only', async () => {
  const first = await load()
  expect(first.beginFirstLogin(page)).toBe(true)
  expect(left).toHaveLength(1)
  vi.resetModules()
  const back = await load()
  expect(back.beginFirstLogin(page)).toBe(false)
  back.loginWorked(page)
  expect(back.beginFirstLogin(page)).toBe(false)
  expect(left).toHaveLength(1)
})

it('does not go round in circles when the session does not stick', async () => {
  ;(await load()).beginLogin(1000, page)
  // Back from the login, a new page, and refused again.
  vi.resetModules()
  const { beginLogin, loginStuck } = await load()
  beginLogin(5000, page)
  expect(left).toHaveLength(1)
  expect(loginStuck.value).toBe(true)
})

it('logs in again at once when the last login had worked, or lies long back', async () => {
  const first = await load()
  first.beginLogin(1000, page)
  vi.resetModules()
  const second = await load()
  second.loginWorked(page)
  second.beginLogin(5000, page)
  expect(left).toHaveLength(2)
  vi.resetModules()
  const third = await load()
  third.beginLogin(5000 + third.LOOP_WINDOW_MS, page)
  expect(left).toHaveLength(3)
})
