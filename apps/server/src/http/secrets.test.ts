import { type ConsoleApi, createCaller, type MeApi, startOfMinute } from '@qimeng/contract'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import * as XLSX from 'xlsx'
import { blobKey } from '../images/images.ts'
import type { Browser } from '../test/browser.ts'
import { anImage, aPush, aTask } from '../test/builders.ts'
import { askWecom, locationOf } from '../test/login.ts'
import { startWorld, type World } from '../test/world.ts'

// QUALITY.md S13: a day of work, with things going wrong, while everything that leaves the server is kept and searched.

const CALLBACK = { token: 'canaryCallbackToken', aesKey: 'canaryEncodingAesKey00000000000000000000000' }

let world: World
const told: string[] = []
const logs: string[] = []
const codes: string[] = []
const cookies: string[] = []

beforeAll(async () => {
  const env = { WECOM_CALLBACK_TOKEN: CALLBACK.token, WECOM_CALLBACK_AES_KEY: CALLBACK.aesKey }
  world = await startWorld({ env })
  world.clock.hold()
  world.expectErrors()
  const { log } = world.parts
  log.level = 'trace'
  const stream = (log as unknown as Record<symbol, { write(line: string): void }>)[pino.symbols.streamSym]!
  vi.spyOn(stream, 'write').mockImplementation((line) => void logs.push(line))
})
afterAll(() => world.stop())

/** Keeps all that it is told, but for the cookies that are its own. */
function listener(): Browser {
  const browser = world.browser()
  const keep = (response: { data: unknown; headers: object; status: number }) => {
    const { 'set-cookie': _own, ...headers } = response.headers as Record<string, unknown>
    const { data } = response
    const text = Buffer.isBuffer(data) ? data.toString('latin1') : JSON.stringify(data)
    told.push(`${response.status} ${JSON.stringify(headers)} ${text}`)
    return response
  }
  browser.http.interceptors.response.use(keep as never, (error: { response?: Parameters<typeof keep>[0] }) => {
    if (error.response) keep(error.response)
    return Promise.reject(error as unknown as Error)
  })
  return browser
}

async function logIn(audience: 'admin' | 'me', userid: string): Promise<Browser> {
  const browser = listener()
  const callback = await askWecom(browser, world.wecom, audience, userid)
  codes.push(new URL(callback, world.publicUrl).searchParams.get('code')!)
  const { headers } = await browser.get(callback)
  // The address that follows is in the history, and the referrer of the page behind it.
  expect(locationOf({ headers })).not.toContain('code')
  await browser.get(callback)
  cookies.push(...browser.cookies.values())
  return browser
}

async function work() {
  const desk = await logIn('admin', 'zhangsan')
  const phone = await logIn('me', 'lisi')
  const admin = createCaller<ConsoleApi>(desk.http)
  const lisi = createCaller<MeApi>(phone.http)
  const pushes = [aPush({ scheduledAt: startOfMinute(world.clock.now()) })]
  const { id: taskId } = await admin('POST /api/console/tasks', { body: aTask({ pushes }) })
  await world.parts.jobs.idle()
  const task = await admin('GET /api/console/tasks/:taskId', { params: { taskId } })
  const params = { pushId: task.pushes[0]!.id }
  const image = await lisi('POST /api/me/images', { image: await anImage() })
  await lisi('POST /api/me/pushes/:pushId/proofs', { params, body: { images: [image.id] } })
  for (const as of ['corp', 'app'] as const) {
    await lisi('GET /api/me/jssdk/signature', { query: { url: `${world.publicUrl}/m/`, as } })
  }
  const { exportId } = await admin('POST /api/console/pushes/:pushId/exports', { params, body: { state: 'done' } })
  await world.parts.jobs.idle()
  const { data } = await desk.get(`/api/console/exports/${exportId}/file`)
  told.push(JSON.stringify(XLSX.read(data)))
  for (const path of ['configuration', 'audit', 'messages', 'admins', 'session', 'directory', 'people']) {
    await desk.get(`/api/console/${path}`)
  }
  for (const path of ['/livez', '/readyz', '/api/openapi.json', '/api/docs', '/admin/', '/m/', '/nothing?code=x']) {
    await desk.get(path)
  }
  return { desk, image }
}

async function goWrong({ desk, image }: Awaited<ReturnType<typeof work>>) {
  const login = '/cgi-bin/auth/getuserinfo'
  for (const kind of ['http-502', 'broken-json', 'drop-before', 'drop-after'] as const) {
    await world.wecom.fault({ path: login, kind })
    await logIn('me', 'lisi')
  }
  await world.wecom.fault({ path: login, kind: 'errcode', errcode: 40029, errmsg: 'invalid code' })
  await logIn('admin', 'zhangsan')
  await world.wecom.fault({ path: '/cgi-bin/agent/get', kind: 'errcode', errcode: 40001, errmsg: 'invalid credential' })
  await desk.get('/api/console/configuration')
  await desk.get(`/wecom/callback?msg_signature=x&timestamp=1&nonce=2&echostr=3`)
  await world.parts.blobs.delete(blobKey(image.id, 'full'))
  expect((await desk.get(image.full)).status).toBe(500)
}

test('no secret leaves the server, whatever happens', async () => {
  await goWrong(await work())
  const { db } = world.parts
  const { signingKey } = await db.selectFrom('installation').select('signingKey').executeTakeFirstOrThrow()
  const tokens = await db.selectFrom('wecomTokens').select(['name', 'value']).execute()
  const sessions = await db.selectFrom('sessions').select('tokenHash').execute()
  expect(tokens.length).toBeGreaterThanOrEqual(3)
  expect(codes.length).toBe(7)
  const canaries = {
    'the app’s secret': [world.wecom.corp.secret],
    'the callback’s token': [CALLBACK.token],
    'the callback’s key': [CALLBACK.aesKey],
    'the key that signs links': [signingKey],
    'WeCom’s tokens and tickets': tokens.map(({ value }) => value),
    'a session’s token': cookies,
    'a session’s hash': sessions.map(({ tokenHash }) => tokenHash),
    'a login code': codes,
  }
  expect(logs.length).toBeGreaterThan(50)
  expect(told.length).toBeGreaterThan(30)
  for (const [what, values] of Object.entries(canaries)) {
    for (const value of values) {
      expect(value.length, what).toBeGreaterThan(8)
      expect(
        logs.filter((line) => line.includes(value)),
        `${what} in the log`,
      ).toEqual([])
      expect(
        told.filter((reply) => reply.includes(value)),
        `${what} in a reply`,
      ).toEqual([])
    }
  }
})
