import express from 'express'
import request from 'supertest'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { locationOf, logIn } from '../test/login.ts'
import { startWorld, type World } from '../test/world.ts'
import { entrance } from './entrance.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

it('leads somebody without a session from any page to the login, and back to that page afterwards', async () => {
  const browser = world.browser()
  const card = '/m/pushes/p1?b=b1'
  expect(locationOf(await browser.get(card))).toBe(`/auth/me/login?return=${encodeURIComponent(card)}`)
  expect(await logIn(browser, world.wecom, 'me', 'lisi', card)).toBe(card)
  const page = await browser.get(card)
  expect(page.headers.location).toBeUndefined()
})

it('leads to the login page of the console, which is open to everybody', async () => {
  const browser = world.browser()
  const response = await browser.get('/admin/tasks/t1?push=p1')
  expect(locationOf(response)).toBe(`/admin/login?return=${encodeURIComponent('/admin/tasks/t1?push=p1')}`)
  expect(response.headers['cache-control']).toBe('no-store')
  expect((await browser.get('/admin/login')).headers.location).toBeUndefined()
})

it('ends without going round in circles where cookies are blocked', async () => {
  const blocked = world.browser()
  let page = '/m/'
  for (let turn = 0; turn < 6 && !page.startsWith('/m/refused'); turn++) {
    const url = new URL(page, world.publicUrl).href
    page = page.startsWith(world.wecom.url)
      ? await world.wecom.authorize(page, 'lisi')
      : locationOf(await blocked.get(url))
    blocked.cookies.clear()
  }
  expect(page).toMatch(/^\/m\/refused\?reason=expired/)
})

it.each([
  ['me', '/refused', 200],
  ['me', '/refused?reason=expired', 403],
  ['me', '/refused?reason=not_employee', 403],
  ['me', '/refused?reason=unavailable', 503],
  ['admin', '/login', 200],
  ['admin', '/login?error=not_admin&name=x', 403],
  ['admin', '/login?error=unavailable', 503],
] as const)('answers %s%s with %d: a login that came to nothing is no success', async (audience, page, status) => {
  const app = express().use(entrance(world.parts, audience), (_request, response) => void response.end())
  expect((await request(app).get(page)).status).toBe(status)
})
