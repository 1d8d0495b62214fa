import { startOfMinute } from '@qimeng/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anImage, aPush, aTask } from '../test/builders.ts'
import { startWorld, type AdminCaller, type World } from '../test/world.ts'

// QUALITY.md S14, one line for each kind of reply the server gives.

let world: World
let admin: AdminCaller
const addresses: Record<string, string> = {
  'a page of the console': '/admin/login',
  'a page of the console, in another spelling': '/ADMIN/login',
  'a page of the phone': '/m/refused',
  'a way to the login': '/m/pushes/p1',
  'a way to WeCom': '/auth/me/login',
  'a login that failed': '/auth/console/callback?code=x&state=y',
  'a part of a page that is gone': '/admin/assets/gone-1234.js',
  'a reply of the API': '/api/console/session',
  'a refusal of the API': '/api/me/session',
  'an address that is none': '/api/console/nothing',
  'nothing at all': '/nothing',
  'the description of the API': '/api/openapi.json',
  'the API as a page': '/api/docs',
  health: '/livez',
}
const isPage = (kind: string) => /page of the (console|phone)|way to the login|part of a page/.test(kind)

beforeAll(async () => {
  world = await startWorld()
  world.clock.hold()
  admin = await world.admin('zhangsan')
  const { full, thumb } = await admin('POST /api/console/images', { image: await anImage() })
  const pushes = [aPush({ scheduledAt: startOfMinute(world.clock.now()) })]
  const { id: taskId } = await admin('POST /api/console/tasks', { body: aTask({ pushes }) })
  await world.parts.jobs.idle()
  const task = await admin('GET /api/console/tasks/:taskId', { params: { taskId } })
  const params = { pushId: task.pushes[0]!.id }
  const { exportId } = await admin('POST /api/console/pushes/:pushId/exports', { params, body: { state: 'pending' } })
  await world.parts.jobs.idle()
  Object.assign(addresses, {
    'a picture': full,
    'a small picture': thumb,
    'a picture whose link was altered': full.replace('s=', 's=x'),
    'an export': `/api/console/exports/${exportId}/file`,
  })
})
afterAll(() => world.stop())

const headersOf = async (kind: string) => (await admin.browser.get(addresses[kind]!)).headers as Record<string, string>
const pictures = ['a picture', 'a small picture']
const kinds = [...Object.keys(addresses), ...pictures, 'a picture whose link was altered', 'an export']

test.each(kinds)('%s leaves nothing to misuse', async (kind) => {
  const headers = await headersOf(kind)
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': expect.stringContaining('camera=()'),
  })
  expect(headers).not.toHaveProperty('x-powered-by')
  expect(headers).not.toHaveProperty('access-control-allow-origin')
  const policy = headers['content-security-policy']!
  if (pictures.includes(kind)) return expect(policy).toBe("sandbox; default-src 'none'")
  expect(policy).toContain("default-src 'self';script-src 'self';script-src-attr 'none';")
  expect(policy).toContain("object-src 'none';base-uri 'none';form-action 'self'")
  expect(policy).not.toMatch(/unsafe-eval|\*;|https?:(?!\/\/\*\.(work\.)?weixin\.qq\.com)/)
  const frames = /frame-ancestors ([^;]+)/.exec(policy)?.[1]
  expect(frames).toBe(isPage(kind) ? "'self' https://*.work.weixin.qq.com https://*.weixin.qq.com" : "'none'")
})

test.each(
  kinds.filter((kind) => !isPage(kind) && !pictures.includes(kind) && !/^(health|the desc|nothing)/.test(kind)),
)('%s is kept in no cache', async (kind) => {
  expect((await headersOf(kind))['cache-control']).toBe('no-store')
})

describe('behind https', () => {
  beforeAll(() => world.restart({ env: { PUBLIC_URL: 'https://moments.example.com' } }))

  test.each(kinds)('%s tells browsers to stay with https', async (kind) => {
    const headers = await headersOf(kind)
    expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')
  })
})
