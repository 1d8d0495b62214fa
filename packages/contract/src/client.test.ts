import axios from 'axios'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, expectTypeOf, it } from 'vitest'
import { ApiError, createCaller, fillPath } from './client.ts'
import type { ConsoleApi, MeApi } from './index.ts'

let server: Server
let answer: { status: number; body: string; headers?: Record<string, string> }
let seen: { method: string | undefined; url: string | undefined; headers: Record<string, unknown> }

beforeEach(async () => {
  server = createServer((request, response) => {
    seen = { method: request.method, url: request.url, headers: request.headers }
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(answer.body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
})
afterEach(() => server.close())

const caller = <Api>() =>
  createCaller<Api>(
    axios.create({
      baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      adapter: 'http',
      proxy: false,
    }),
  )

it('fills the path, adds the header that a foreign form cannot, and returns the reply', async () => {
  answer = { status: 200, body: '{"id":"t1","pushes":[{"text":"你好"}]}' }
  const call = caller<ConsoleApi>()
  const reply = await call('GET /api/console/tasks/:taskId', { params: { taskId: 'a/b' } })
  expectTypeOf(reply.pushes[0]!.text).toEqualTypeOf<string>()
  expect(reply.pushes[0]!.text).toBe('你好')
  expect(seen.url).toBe('/api/console/tasks/a%2Fb')
  expect(seen.headers['x-requested-with']).toBe('qimeng-moments')
})

it('turns an error reply into an ApiError with its code, issues and request number', async () => {
  const problem = {
    code: 'invalid',
    message: '请检查',
    issues: [{ path: ['name'], message: '请填写' }],
    requestId: 'r1',
  }
  answer = { status: 422, body: JSON.stringify(problem), headers: { 'retry-after': '7' } }
  const failure = await caller<MeApi>()('GET /api/me/session').catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(ApiError)
  expect(failure).toMatchObject({ ...problem, status: 422, retryAfter: 7 })
})

it('calls an answer that is not ours unavailable, and none at all a network failure', async () => {
  answer = { status: 502, body: '"<html>bad gateway</html>"' }
  await expect(caller<MeApi>()('GET /api/me/session')).rejects.toMatchObject({ code: 'unavailable', status: 502 })
  const call = caller<MeApi>()
  await new Promise((closed) => server.close(closed))
  await expect(call('GET /api/me/session')).rejects.toMatchObject({ code: 'network', status: 0 })
})

it.each([
  ['half an answer', '{"userid":"zhang'],
  ["the page of a Wi-Fi's login", '<html>请登录 Wi-Fi</html>'],
])('takes %s for no reply', async (_what, body) => {
  answer = { status: 200, body }
  await expect(caller<MeApi>()('GET /api/me/session')).rejects.toMatchObject({ code: 'unavailable', status: 200 })
})

it('does not compile without the path parameters, the query or the body an endpoint needs', () => {
  const call = caller<MeApi>()
  const wrong = [
    // @ts-expect-error pushId is missing
    () => call('GET /api/me/pushes/:pushId'),
    // @ts-expect-error state is missing
    () => call('GET /api/me/executions'),
    // @ts-expect-error no such route
    () => call('GET /api/me/everything'),
    // @ts-expect-error images must be ids
    () => call('POST /api/me/pushes/:pushId/proofs', { params: { pushId: 'p' }, body: { images: [1] } }),
  ]
  expect(wrong).toHaveLength(4)
  expect(fillPath('/api/x/:a/y/:b', { a: '1', b: '二' })).toBe('/api/x/1/y/%E4%BA%8C')
})
