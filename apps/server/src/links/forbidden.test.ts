import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startWorld, type AdminCaller, type World } from '../test/world.ts'
import { openPreviews } from './service.fixture.ts'
import { openSite, resolver, type Site } from './sites.fixture.ts'
import type { WebOptions } from './web.ts'

/** QUALITY.md S9. The inside listens on every address of this machine, and must not see a single connection. */
let world: World
let admin: AdminCaller
let inside: Site
beforeAll(async () => {
  world = await startWorld()
  admin = await world.admin('zhangsan')
  inside = await openSite((_request, response) => response.end('<title>机密</title>'), '0.0.0.0')
})
afterEach(() => expect(inside.connections(), 'nothing inside was reached').toBe(0))
afterAll(async () => {
  inside.close()
  await world.stop()
})

/** Asks a server that differs from the real one in what `options` say only. */
async function preview(url: string, options: WebOptions = {}) {
  const previews = await openPreviews(world, options)
  return previews.preview(admin, url).finally(previews.close)
}
const refused = { status: 422, issues: [{ path: ['url'], message: expect.any(String) as string }] }
const UNREACHABLE = '无法打开这个链接，请检查地址（内网地址不能获取），也可以手动填写标题和封面'

const IN_EVERY_SPELLING = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '017700000001',
  '0',
  '0.0.0.0',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[::a9fe:a9fe]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[fec0::1]',
  '[ff02::1]',
  'localhost',
  'localhost.',
  'LOCALHOST',
  'www.localhost',
  '①②⑦.⓪.⓪.①',
  '１２７.０.０.１',
  '127。0。0。1',
  '%31%32%37.0.0.1',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.254',
  '192.168.0.1',
  '100.64.0.1',
  '100.100.100.200',
  '169.254.169.254',
  '168.63.129.16',
  '192.0.0.192',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
]

test.each(IN_EVERY_SPELLING)('%s is refused, and reads like a host that is not there', async (host) => {
  const answer = await preview(`http://${host}:${inside.port}/`, { ports: [inside.port] })
  expect(answer).toMatchObject({ ...refused, message: UNREACHABLE })
  const absent = await preview('http://nowhere.invalid/', resolver({}))
  expect([absent.status, absent.message]).toEqual([answer.status, answer.message])
})

test.each([
  ['127.0.0.1.nip.example', ['127.0.0.1']],
  ['metadata.example', ['169.254.169.254']],
  ['mapped.example', ['::ffff:127.0.0.1']],
  ['nat64.example', ['64:ff9b::7f00:1']],
  ['azure.example', ['168.63.129.16']],
  ['compatible.example', ['::7f00:1']],
  ['one-of-many.example', ['93.184.216.34', '127.0.0.1']],
  ['six-and-four.example', ['2606:2800:220:1::1', '10.0.0.1']],
])('%s is judged by what it resolves to', async (host, addresses) => {
  const { lookup, asked } = resolver({ [host]: [addresses] })
  const answer = await preview(`http://${host}:${inside.port}/`, { ports: [inside.port], lookup })
  expect(answer).toMatchObject({ ...refused, message: UNREACHABLE })
  expect(asked, 'resolved once: what is judged is what is used').toEqual([host])
})

test.each([
  'file:///etc/passwd',
  'gopher://127.0.0.1:6379/_INFO',
  'ftp://127.0.0.1/',
  'data:text/html,<title>x</title>',
  'javascript:alert(1)',
  'http://user:secret@127.0.0.1/',
  'http://example.com@127.0.0.1/',
  'http://127.0.0.1\\@example.com/',
  'http://example.com#@127.0.0.1:22/ ',
  'http://127.0.0.1:22/',
  'http://127.0.0.1:25/',
  'http://127.0.0.1:6379/',
  'https://127.0.0.1:2375/',
  'HTTP://127.0.0.1/',
  'hTTps://[::1]/',
  'http:127.0.0.1',
  'http://',
])('%s is refused as it stands', async (url) => {
  expect(await preview(url, resolver({}))).toMatchObject(refused)
})

test('the whole server, as it is started, has the filter on', async () => {
  for (const port of ['', ':22', `:${inside.port}`]) {
    const call = admin('POST /api/console/links/preview', { body: { url: `http://127.0.0.1${port}/` } })
    await expect(call).rejects.toMatchObject({ status: 422, issues: [{ path: ['url'] }] })
  }
})

describe('a page outside', () => {
  /** Counts as public here; every other address of this machine does not. */
  const OUTSIDE = '127.0.0.1'
  let outside: Site
  beforeAll(async () => {
    outside = await openSite((request, response) => {
      const { pathname, searchParams } = new URL(request.url!, 'http://outside.example')
      if (pathname === '/to') return void response.writeHead(302, { Location: searchParams.get('url')! }).end()
      if (pathname === '/loop') return void response.writeHead(301, { Location: '/loop' }).end()
      response.setHeader('Content-Type', 'text/html')
      response.end(`<title>外面</title><meta property="og:image" content="${searchParams.get('cover') ?? ''}">`)
    }, OUTSIDE)
  })
  afterAll(() => outside.close())
  const options = (names: Record<string, string[][]>): WebOptions => ({
    ports: [outside.port, inside.port],
    lookup: resolver({ 'outside.example': [[OUTSIDE]], ...names }).lookup,
    publicToo: [OUTSIDE],
  })
  const at = (path: string, query: Record<string, string> = {}) =>
    `http://outside.example:${outside.port}${path}?${new URLSearchParams(query)}`

  const inner = () => [
    `http://127.0.0.2:${inside.port}/`,
    `http://[::1]:${inside.port}/`,
    `http://intranet.example:${inside.port}/`,
    'file:///etc/passwd',
    `http://user:secret@127.0.0.2:${inside.port}/`,
    'http://outside.example:22/',
    'javascript:alert(1)',
    '//127.0.0.2/',
    'http://',
  ]

  test('is read when it says nothing of the inside', async () => {
    expect(await preview(at('/'), options({}))).toMatchObject({ status: 200, title: '外面', cover: null })
  })

  test('does not lead inside by a redirect, at once or after another', async () => {
    for (const url of inner()) {
      const web = () => options({ 'intranet.example': [['127.0.0.2']] })
      expect(await preview(at('/to', { url }), web()), url).toMatchObject(refused)
      expect(await preview(at('/to', { url: at('/to', { url }) }), web()), url).toMatchObject(refused)
    }
  })

  test('does not lead by a redirect where one may not go oneself: other ports, with a password', async () => {
    const database = await openSite((_request, response) => response.end(), OUTSIDE)
    const elsewhere = `http://outside.example:${database.port}/`
    expect(await preview(at('/to', { url: elsewhere }), options({}))).toMatchObject(refused)
    expect(await preview(at('/', { cover: elsewhere }), options({}))).toMatchObject({ title: '外面', cover: null })
    expect(database.connections()).toBe(0)
    database.close()
    const before = outside.connections()
    const withPassword = at('/').replace('http://', 'http://user:secret@')
    expect(await preview(at('/to', { url: withPassword }), options({}))).toMatchObject(refused)
    expect(outside.connections() - before, 'asked once, for the redirect').toBe(1)
  })

  test('does not lead inside by its cover, and keeps its title', async () => {
    for (const cover of [...inner(), at('/to', { url: `http://127.0.0.2:${inside.port}/` })]) {
      const answer = await preview(at('/', { cover }), options({ 'intranet.example': [['127.0.0.2']] }))
      expect(answer, cover).toMatchObject({ status: 200, title: '外面', cover: null })
    }
  })

  test('may redirect three times, not for ever', async () => {
    const chain = (times: number): string => (times === 0 ? at('/') : at('/to', { url: chain(times - 1) }))
    expect(await preview(chain(3), options({}))).toMatchObject({ status: 200, title: '外面' })
    const before = outside.connections()
    for (const url of [chain(4), at('/loop')]) {
      expect(await preview(url, options({}))).toMatchObject({
        ...refused,
        message: expect.stringContaining('跳转次数太多') as string,
      })
    }
    expect(outside.connections() - before).toBe(8)
  })

  test('gains nothing by resolving inside the second time', async () => {
    const rebound = () => options({ 'rebind.example': [[OUTSIDE], ['127.0.0.2']] })
    const page = (path: string, query: Record<string, string>) =>
      `http://rebind.example:${outside.port}${path}?${new URLSearchParams(query)}`
    const url = `http://rebind.example:${inside.port}/`
    expect(await preview(page('/to', { url }), rebound())).toMatchObject({ ...refused, message: UNREACHABLE })
    expect(await preview(page('/', { cover: url }), rebound())).toMatchObject({ title: '外面', cover: null })
  })
})
