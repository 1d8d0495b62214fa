import { connect } from 'node:net'
import { fillPath } from '@qimeng/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMPANY_ADMINS, type Company, leaksIn, openCompany } from '../test/company.ts'
import { endpoints } from '../test/examples.ts'
import { type HostileRequest, hostileRequests } from '../test/hostile.ts'
import { logIn } from '../test/login.ts'
import { startWorld, type World } from '../test/world.ts'

// QUALITY.md S11: never a 500, never a hang, never what belongs to others. FUZZ_REQUESTS=10000 is the long form.
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 500)
/** An answer later than this (ms) is a hang, on a loaded machine too. */
const PATIENCE = 20_000

let world: World
let company: Company
beforeAll(async () => {
  world = await startWorld({ admins: COMPANY_ADMINS })
  company = await openCompany(world)
}, 60_000)
afterAll(() => world.stop())

/** Who sends it all: somebody who may call the endpoints, and to whom little of what is there belongs. */
const SENDER = {
  admin: { role: 'another administrator', userid: 'wangwu', audience: 'admin' },
  employee: { role: 'employee who is no executor', userid: 'sunqi', audience: 'me' },
} as const

type Walk = (typeof endpoints)[number]

const endsSession = ({ name }: Walk) => name.includes('.logout')

/** Each logout is followed by a login, of which nobody has more than 30 in ten minutes. */
const runsOf = (walk: Walk) => Math.min(endsSession(walk) ? 10 : Infinity, Math.ceil(REQUESTS / endpoints.length))

async function send(walk: Walk, { params, query, body, key }: HostileRequest) {
  const { endpoint } = walk
  const { role, userid, audience } = SENDER[endpoint.for]
  const { browser } = company.roles[role]!
  const form = new FormData()
  form.append('image', new Blob([JSON.stringify(body)]), 'image.png')
  const { status, data } = await browser.http.request<string>({
    method: endpoint.method,
    url: fillPath(endpoint.path, params),
    params: new URLSearchParams(query),
    data: endpoint.upload ? form : JSON.stringify(body),
    headers: {
      'X-Requested-With': 'qimeng-moments',
      ...(endpoint.upload ? {} : { 'Content-Type': 'application/json' }),
      ...(key ? { 'Idempotency-Key': key } : {}),
    },
    responseType: 'text',
    timeout: PATIENCE,
    validateStatus: () => true,
  })
  if (endsSession(walk)) await logIn(browser, world.wecom, audience, userid)
  return { status, leaks: leaksIn(company.secrets, role, data) }
}

describe.each(endpoints.map((walk) => [walk.name, walk] as const))('%s', (_name, walk) => {
  test('stands whatever is sent', async () => {
    // Nobody removes the one who sends.
    const known = Object.values(company.things).flatMap((things) => things.map(({ id }) => id))
    await fc.assert(
      fc.asyncProperty(hostileRequests(walk.endpoint, walk.params, known), async (request) => {
        const { status, leaks } = await send(walk, request)
        expect(status).toBeLessThan(500)
        expect(status).not.toBe(401)
        expect(leaks).toEqual([])
      }),
      { numRuns: runsOf(walk), endOnFailure: true },
    )
  }, 600_000)
})

/** Sends these very bytes, and reads the first line of what comes. */
function raw(lines: string[], body: Buffer | string = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(world.parts.config.port, 'localhost')
    const cookies = [...company.roles['administrator']!.browser.cookies].map((pair) => pair.join('=')).join('; ')
    const head = [...lines, `Cookie: ${cookies}`, 'X-Requested-With: qimeng-moments', 'Connection: close']
    const length = `Content-Length: ${Buffer.byteLength(body)}`
    socket.write([...head, ...(body.length > 0 ? [length] : []), '', ''].join('\r\n'))
    socket.write(body)
    let answer = ''
    socket.setTimeout(PATIENCE, () => reject(new Error('no answer')))
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')))
    socket.on('close', () => resolve(answer.split('\r\n')[0]!))
    socket.on('error', reject)
  })
}

const POST = ['POST /api/console/admins HTTP/1.1', 'Host: localhost', 'Content-Type: application/json']
const GET = (path: string, ...headers: string[]) => [`GET ${path} HTTP/1.1`, 'Host: localhost', ...headers]

test.each<[string, string[], (Buffer | string)?]>([
  ['JSON a hundred thousand levels deep', POST, `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['an object as deep', POST, `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
  ['JSON that is no UTF-8', POST, Buffer.from('7b22757365726964223a22ff fe22 7d'.replaceAll(' ', ''), 'hex')],
  [
    'JSON in another encoding',
    [...POST.slice(0, 2), 'Content-Type: application/json; charset=utf-7'],
    '{"userid":"x"}',
  ],
  ['a body that says it is packed', [...POST, 'Content-Encoding: gzip'], '{"userid":"x"}'],
  ['a number beyond all numbers', POST, '{"userid":1e999}'],
  ['the same key twice', POST, '{"userid":"nobody","userid":null}'],
  ['keys of JavaScript itself', POST, '{"__proto__":{"userid":"lisi"},"constructor":{"prototype":{"userid":"lisi"}}}'],
  ['half a character', POST, '{"userid":"\\ud800"}'],
  ['a path that is no text', GET('/api/console/tasks/%E0%A4%A')],
  ['a path with a zero byte', GET('/api/console/tasks/%00')],
  ['a path with half a character', GET('/api/console/tasks/%ED%A0%80')],
  ['a path out of its folder', GET('/api/console/tasks/..%2f..%2f..%2fetc%2fpasswd')],
  ['a path out of the pages', GET('/admin/assets/..%2f..%2f..%2fpackage.json')],
  ['an endless query', GET(`/api/console/tasks?${'keyword=x&'.repeat(1500)}`)],
  ['a query with fields inside fields', GET('/api/console/tasks?keyword[__proto__][x]=1&limit[]=1')],
  ['a cookie that is none', [...GET('/api/console/session'), 'Cookie: qimeng_admin=%%%; =; ;;']],
  ['a picture link of a stranger’s making', GET('/files/images/..%2f..%2fx/full?v=admin:zhangsan&e=1&s=%00')],
  ['a callback nobody asked for', GET('/auth/console/callback?code[]=a&code[]=b&state[x]=y')],
  ['a form without an end', [...POST.slice(0, 2), 'Content-Type: multipart/form-data; boundary='], '--'],
])('%s is answered, and not with a fault of ours', async (_what, lines, body) => {
  expect(await raw(lines, body)).toMatch(/^HTTP\/1\.1 [234]\d\d /)
})
