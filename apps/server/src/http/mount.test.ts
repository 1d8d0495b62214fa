import { request as httpRequest } from 'node:http'
import { endpoint } from '@qimeng/contract'
import express from 'express'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { anImage, aTask } from '../test/builders.ts'
import { startWorld, type AdminCaller, type World } from '../test/world.ts'
import { mount } from './mount.ts'

let world: World
let admin: AdminCaller
beforeAll(async () => {
  world = await startWorld()
  admin = await world.admin('zhangsan')
})
afterAll(() => world.stop())

const OURS = { 'X-Requested-With': 'qimeng-moments' }
const send = (
  method: 'get' | 'post' | 'delete',
  url: string,
  { data, headers = OURS }: { data?: unknown; headers?: Record<string, string> } = {},
) =>
  admin.browser.http.request<{ code: string; message: string; requestId: string }>({
    method,
    url,
    data,
    headers,
    validateStatus: () => true,
  })

/** Sends the beginning of a body, and no more. */
function beginBody(length: number) {
  const request = httpRequest(`${world.publicUrl}/api/console/admins`, {
    method: 'POST',
    headers: {
      ...OURS,
      Cookie: [...admin.browser.cookies].map((pair) => pair.join('=')).join('; '),
      'Content-Type': 'application/json',
      'Content-Length': length,
    },
  })
  const answer = new Promise<{ status: number | undefined }>((resolve, reject) => {
    request.on('response', ({ statusCode: status }) => resolve({ status })).on('error', reject)
  })
  answer.catch(() => {})
  request.write('{"userid":"')
  return { answer, leave: () => request.destroy() }
}

describe('a request', () => {
  test('to an address that is none gets a problem with a number to pass on', async () => {
    const { status, data, headers } = await send('get', '/api/console/nothing')
    expect([status, data.code]).toEqual([404, 'not_found'])
    expect(data.requestId).toBe(headers['x-request-id'])
  })

  test('with broken JSON, or as a form, or too large, is refused as such', async () => {
    const json = { ...OURS, 'Content-Type': 'application/json' }
    const url = '/api/console/admins'
    expect((await send('post', url, { data: '{"userid":', headers: json })).status).toBe(400)
    expect(
      (
        await send('post', url, {
          data: 'userid=lisi',
          headers: { ...OURS, 'Content-Type': 'application/x-www-form-urlencoded' },
        })
      ).status,
    ).toBe(415)
    expect((await send('post', url, { data: { userid: 'x'.repeat(2_000_000) } })).status).toBe(413)
    expect((await send('post', url)).status).toBe(415)
  })

  test('by an employee is refused once it is longer than anything an employee has to say', async () => {
    const { http } = (await world.employee('lisi')).browser
    const submit = (images: string[]) =>
      http.post('/api/me/pushes/nothing/proofs', { images }, { headers: OURS, validateStatus: () => true })
    expect((await submit(Array.from({ length: 9 }, () => '字'.repeat(64)))).status).toBe(422)
    expect((await submit(['x'.repeat(17_000)])).status).toBe(413)
  })

  test('with thousands of mistakes is told of a hundred', async () => {
    const data = { userids: Array.from({ length: 5000 }, () => 0) }
    const { status, data: problem } = await send('post', '/api/console/pushes/nothing/reminders', { data })
    expect([status, (problem as { issues?: unknown[] }).issues]).toEqual([
      422,
      expect.objectContaining({ length: 100 }),
    ])
  })

  test('whose long body does not end holds one of a few places, until it is gone', async () => {
    const begun = Array.from({ length: 5 }, () => beginBody(100_000))
    const { status } = await Promise.any(begun.map(({ answer }) => answer))
    expect(status).toBe(429)
    expect((await send('post', '/api/console/admins', { data: { userid: 'x' } })).status).toBe(422)
    for (const { leave } of begun) leave()
    await expect
      .poll(async () => (await send('post', '/api/console/admins', { data: { userid: 'x'.repeat(20_000) } })).status)
      .toBe(422)
  })

  test.each([
    '{"userid":""}',
    '{"userid":1e308}',
    `{"userid":"${'x'.repeat(10_000)}"}`,
    '[]',
    'null',
    '{"__proto__":{"userid":"lisi"}}',
    '{"constructor":{"prototype":{"userid":"lisi"}}}',
  ])('with %s as its body is refused at its field', async (data) => {
    const { status } = await send('post', '/api/console/admins', {
      data,
      headers: { ...OURS, 'Content-Type': 'application/json' },
    })
    expect(status).toBe(data === 'null' ? 400 : 422)
  })

  test.each(['1.5', '0', '-1', '1e3', '01', 'x', '9'.repeat(20)])(
    'for round %s, which is none, is refused',
    async (round) => {
      const { status, data } = await send('get', `/api/console/pushes/p/reminders/${round}`)
      expect([status, data.code]).toEqual([422, 'invalid'])
    },
  )

  test.each(['%00', 'a%00b', '%0a', 'x'.repeat(65)])(
    'for something called %s, which nothing is, is refused',
    async (name) => {
      const { status, data } = await send('get', `/api/console/tasks/${name}`)
      expect([status, data.code]).toEqual([422, 'invalid'])
    },
  )

  test.each([
    ['without our header', {}],
    ['from another site', { ...OURS, Origin: 'https://evil.example' }],
    ['from another site of the same owner', { ...OURS, 'Sec-Fetch-Site': 'same-site' }],
  ])('that changes something %s is refused', async (_what, headers) => {
    const { status, data } = await send('post', '/api/console/logout', { headers })
    expect([status, data.code]).toEqual([403, 'forbidden'])
    await admin('GET /api/console/session')
  })

  test('gets headers that leave a page nothing to misuse', async () => {
    const { headers } = await send('get', '/api/console/session')
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'content-security-policy': expect.stringContaining("script-src 'self';"),
    })
    expect(headers).not.toHaveProperty('x-powered-by')
  })
})

describe('an Idempotency-Key', () => {
  const upload = async (idempotencyKey: string) =>
    admin('POST /api/console/images', { image: await anImage(), idempotencyKey })

  test('belongs to one person', async () => {
    const lisi = await world.employee('lisi')
    const mine = await upload('shared')
    const theirs = await lisi('POST /api/me/images', { image: await anImage(), idempotencyKey: 'shared' })
    expect(theirs.id).not.toBe(mine.id)
  })

  test('of ten requests at once makes one thing', async () => {
    const ids = (await Promise.all(Array.from({ length: 10 }, () => upload('ten')))).map(({ id }) => id)
    expect(new Set(ids).size).toBe(1)
    const rows = await world.parts.db.selectFrom('images').select('id').where('id', 'in', ids).execute()
    expect(rows).toHaveLength(1)
  })

  test('is not used up by a request that failed', async () => {
    const failed = admin('POST /api/console/images', { image: new Blob(['no picture']), idempotencyKey: 'again' })
    await expect(failed).rejects.toMatchObject({ status: 415 })
    expect((await upload('again')).id).toHaveLength(26)
  })

  test('with other content is refused, so that what was corrected is not lost in silence', async () => {
    const create = (name: string) =>
      admin('POST /api/console/tasks', { body: aTask({ name }), idempotencyKey: 'corrected' })
    const { id } = await create('第一稿')
    expect((await create('第一稿')).id).toBe(id)
    await expect(create('第二稿')).rejects.toMatchObject({ status: 409, message: expect.stringContaining('没有保存') })
    await expect(create('')).rejects.toMatchObject({ status: 422 })
  })

  test('gives links that work, however much later the request is repeated', async () => {
    const lisi = await world.employee('lisi')
    const start = world.clock.now()
    const again = async () => lisi('POST /api/me/images', { image: await anImage(), idempotencyKey: 'links' })
    const first = await again()
    world.clock.set(start + 3_600_000)
    const second = await again()
    expect(second.id).toBe(first.id)
    expect((await lisi.browser.get(first.full)).status).toBe(403)
    expect((await lisi.browser.get(second.full)).status).toBe(200)
  })

  test('that is endless is refused', async () => {
    await expect(upload('x'.repeat(101))).rejects.toMatchObject({ status: 400 })
  })
})

test('a reply has what the contract names, and not a column more', async () => {
  const one = endpoint({
    method: 'GET',
    path: '/api/console/one',
    for: 'admin',
    summary: 'One row',
    reply: z.object({ name: z.string() }),
  })
  const row = { name: '李四', secret: 'canary' }
  const router = express.Router()
  mount(world.parts, router, one, () => Promise.resolve(row))
  const cookie = [...admin.browser.cookies].map((pair) => pair.join('=')).join('; ')
  const { body } = await supertest(express().use(router)).get('/api/console/one').set('Cookie', cookie)
  expect(body).toEqual({ name: '李四' })
})

test('the API describes itself', async () => {
  const { status, data } = await admin.browser.http.get<{ paths: object }>('/api/openapi.json')
  expect(status).toBe(200)
  expect(data.paths).toHaveProperty('/api/console/admins/{userid}')
})

test('more pictures at once than any page sends are refused, and only for as long as they arrive', async () => {
  const upload = async () => admin('POST /api/console/images', { image: await anImage() })
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, upload))
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
  expect(refused.length).toBeGreaterThan(0)
  expect(refused[0]).toMatchObject({ status: 429, retryAfter: 5 })
  await upload()
})

test('what somebody without a session sends is not even read', async () => {
  const { status } = await world.browser().http.post('/api/console/admins', '{"userid":', {
    headers: { ...OURS, 'Content-Type': 'application/json' },
    validateStatus: () => true,
  })
  expect(status).toBe(401)
})
