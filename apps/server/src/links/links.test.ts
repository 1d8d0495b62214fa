import type { RequestListener } from 'node:http'
import type { Socket } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { aLink, anImage, aPush, aTask } from '../test/builders.ts'
import { startWorld, type AdminCaller, type World } from '../test/world.ts'
import { fetchFrom } from './fetch.ts'
import { openPreviews } from './service.fixture.ts'
import { openSite, resolver, type Site } from './sites.fixture.ts'
import { publicWeb } from './web.ts'

/** A machine that does other things may take its time. */
const PATIENT = { timeout: 60_000 }

const OUTSIDE = '127.0.0.1'
const SECONDS = 1000
const MEGABYTE = 1024 * 1024

let world: World
let admin: AdminCaller
let site: Site
let pages: Record<string, RequestListener> = {}
let previews: Awaited<ReturnType<typeof openPreviews>>
const names = { 'news.example': [[OUTSIDE]], 'silent.example': [] }
const web = () => ({ ...resolver(names), ports: [site.port], publicToo: [OUTSIDE] })

beforeAll(async () => {
  world = await startWorld({ admins: ['zhangsan', 'wangwu'] })
  admin = await world.admin('zhangsan')
  site = await openSite((request, response) => {
    const answer = pages[new URL(request.url!, 'http://news.example').pathname]
    if (answer) answer(request, response)
    else response.writeHead(404).end()
  }, OUTSIDE)
})
afterEach(() => previews.close())
afterAll(async () => {
  site.close()
  await world.stop()
})

const at = (path: string, host = 'news.example') => `http://${host}:${site.port}${path}`
const html =
  (body: string | Buffer, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers }).end(body)
const file =
  (bytes: Buffer): RequestListener =>
  (_request, response) =>
    response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(bytes)
const bytesOf = async (image: Blob) => Buffer.from(await image.arrayBuffer())
/** Serves these pages, and asks for a preview of the first. */
async function preview(served: Record<string, RequestListener>, who = admin) {
  pages = served
  previews = await openPreviews(world, web())
  return previews.preview(who, at(Object.keys(served)[0]!))
}
const article = (cover: string) => html(`<title>秋季新品</title><meta property="og:image" content="${cover}">`)

describe('a preview', () => {
  test('has title, description and a cover that the task form can use', async () => {
    const picture = await bytesOf(await anImage({ width: 600, height: 400, type: 'jpeg' }))
    const withGps = await sharp(picture)
      .withExif({ IFD3: { GPSLatitude: '31/1 13/1 0/1' } })
      .toBuffer()
    const { status, title, description, cover } = await preview({
      '/a/page':
        html(`<meta property="og:title" content="秋季新品"><meta property="og:description" content="第一批到店">
        <meta property="og:image" content="../cover">`),
      '/cover': file(withGps),
    })
    expect([status, title, description]).toEqual([200, '秋季新品', '第一批到店'])
    expect(cover).toMatchObject({ width: 600, height: 400 })
    const stored = await world.browser().get(cover!.full)
    expect(stored.status).toBe(200)
    expect((await sharp(stored.data).metadata()).exif).toBeUndefined()
    const task = aTask({ pushes: [aPush({ link: aLink({ coverId: cover!.id }) })] })
    const { id } = await admin('POST /api/console/tasks', { body: task })
    const { pushes } = await admin('GET /api/console/tasks/:taskId', { params: { taskId: id } })
    expect(pushes[0]!.link!.cover!.id).toBe(cover!.id)
  })

  test('belongs to whoever asked for it', async () => {
    const other = await world.admin('wangwu')
    const { cover } = await preview(
      { '/': article('/cover'), '/cover': file(await bytesOf(await anImage({ colour: '#111111' }))) },
      other,
    )
    const task = aTask({ pushes: [aPush({ link: aLink({ coverId: cover!.id }) })] })
    await expect(admin('POST /api/console/tasks', { body: task })).rejects.toMatchObject({ status: 422 })
    await other('POST /api/console/tasks', { body: task })
  })

  test.each<[string, RequestListener | undefined]>([
    ['missing', undefined],
    ['a page', html('<p>不是图片</p>')],
    ['an SVG', file(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))],
    ['broken', file(Buffer.from('\x89PNG\r\n\x1a\n'))],
    ['a bomb of pixels', (_, response) => void hugePng().then((bytes) => response.end(bytes))],
    ['larger than a megabyte', file(Buffer.concat([Buffer.from('\xff\xd8\xff'), Buffer.alloc(MEGABYTE)]))],
    ['hung up on', (request) => request.socket.destroy()],
  ])('has no cover when that is %s, and keeps its title', async (_, cover) => {
    const answer = await preview({ '/': article('/cover'), ...(cover ? { '/cover': cover } : {}) })
    expect(answer).toMatchObject({ status: 200, title: '秋季新品', cover: null })
  })

  test('reads GBK, as old pages are', async () => {
    const title = Buffer.concat([Buffer.from('<title>'), Buffer.from([0xd0, 0xc2, 0xc6, 0xb7])])
    expect(await preview({ '/': html(title, { 'Content-Type': 'text/html;charset=gb2312' }) })).toMatchObject({
      title: '新品',
      description: '',
    })
  })

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('reads %s', async (encoding, compress) => {
    const answer = await preview({ '/': html(compress('<title>压缩</title>'), { 'Content-Encoding': encoding }) })
    expect(answer).toMatchObject({ status: 200, title: '压缩' })
  })

  test('asks without cookie, referrer or our version', async () => {
    const asked = vi.fn()
    await preview({
      '/': (request, response) => {
        asked(Object.keys(request.headers).sort(), request.headers['user-agent'])
        html('<title>a</title>', { 'Set-Cookie': 'a=b' })(request, response)
      },
    })
    expect(asked).toHaveBeenCalledExactlyOnceWith(
      ['accept', 'accept-encoding', 'accept-language', 'connection', 'host', 'user-agent'],
      'Mozilla/5.0 (compatible; QimengMoments; link preview)',
    )
  })
})

describe('what cannot be read says so under the address', () => {
  test.each<[string, RequestListener, string]>([
    ['an error', (_, response) => response.writeHead(500).end(), '这个网页返回了错误'],
    ['a picture', file(Buffer.from('x')), '这个链接不是网页'],
    ['no type', (_, response) => response.end('<title>a</title>'), '这个链接不是网页'],
    ['an encoding of its own', html('x', { 'Content-Encoding': 'rot13' }), '这个网页返回了错误'],
    ['broken gzip', html('not gzip', { 'Content-Encoding': 'gzip' }), '无法打开这个链接'],
    ['no answer', (request) => request.socket.destroy(), '无法打开这个链接'],
    [
      'another protocol',
      (request) => request.socket.end('HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
      '无法打开这个链接',
    ],
    ['headers without end', (request) => floodHeaders(request.socket), '无法打开这个链接'],
    ['a redirect to nowhere', (_, response) => response.writeHead(302, { Location: 'http://' }).end(), '返回了错误'],
    ['a redirect that does not say where', (_, response) => response.writeHead(302).end(), '返回了错误'],
    ['a megabyte without title', html(Buffer.alloc(2 * MEGABYTE, ' ')), '这个网页太大'],
  ])('%s', async (_, page, sentence) => {
    const answer = await preview({ '/': page })
    const message = expect.stringContaining(sentence) as string
    // None of them waits until the time is up, which would be another sentence.
    expect(answer).toMatchObject({ status: 422, issues: [{ path: ['url'], message }] })
  })

  test('a port that no one listens on', async () => {
    previews = await openPreviews(world, { ...resolver(names), ports: [1], publicToo: [OUTSIDE] })
    const answer = await previews.preview(admin, 'http://news.example:1/')
    expect(answer).toMatchObject({ status: 422, message: expect.stringContaining('无法打开') as string })
  })
})

describe('3 seconds and 1 MB', () => {
  /** What a page that takes two and one that never answers would take, were each given three. */
  const EACH = 5 * SECONDS
  const SLOW = { status: 422, message: expect.stringContaining('超时') as string }

  test('end a page that drips, one that says nothing, and a name that never resolves', async () => {
    const drip: RequestListener = (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' })
      const timer = setInterval(() => response.write(' '), 100)
      response.once('close', () => clearInterval(timer))
    }
    pages = {
      '/drip': drip,
      '/silent': () => {},
      '/late': (_, response) => setTimeout(() => response.writeHead(302, { Location: '/silent' }).end(), 2 * SECONDS),
    }
    previews = await openPreviews(world, web())
    const urls = [at('/drip'), at('/silent'), at('/late'), at('/', 'silent.example')]
    for (const answer of await Promise.all(urls.map((url) => previews.preview(admin, url)))) {
      expect(answer).toMatchObject(SLOW)
      expect(answer.ms).toBeLessThan(EACH)
    }
  })

  test('hold for page and cover together', async () => {
    const answer = await preview({
      '/': (request, response) => setTimeout(() => article('/cover')(request, response), 2 * SECONDS),
      '/cover': (_, response) => response.write('\xff\xd8\xff'),
    })
    expect(answer).toMatchObject({ status: 200, title: '秋季新品', cover: null })
    expect(answer.ms).toBeLessThan(EACH)
  })

  test.each<[string, RequestListener]>([
    ['an endless body', endless(Buffer.alloc(65_536, 'a'))],
    ['an endless body in gzip', endless(gzipSync(Buffer.alloc(65_536, 'a')), 'gzip')],
    ['a gzip bomb', html(gzipSync(Buffer.alloc(200 * MEGABYTE)), { 'Content-Encoding': 'gzip' })],
    ['a brotli bomb', html(brotliCompressSync(Buffer.alloc(50 * MEGABYTE)), { 'Content-Encoding': 'br' })],
  ])('%s is read up to there, and hung up on', async (_, page) => {
    const closed = vi.fn()
    pages = {
      '/': (request, response) => {
        request.socket.once('close', closed)
        page(request, response)
      },
    }
    previews = await openPreviews(world, web())
    const signal = AbortSignal.timeout(30 * SECONDS)
    const { bytes, cut } = await fetchFrom(publicWeb(web()), new URL(at('/')), {
      accept: '*/*',
      most: MEGABYTE,
      signal,
    })
    expect([bytes.length, cut]).toEqual([MEGABYTE, true])
    await vi.waitFor(() => expect(closed).toHaveBeenCalled(), PATIENT)
    expect(signal.aborted).toBe(false)
  })

  test('bytes that decode to nothing are no way around', async () => {
    const nothing = gzipSync('')
    const signal = AbortSignal.timeout(30 * SECONDS)
    pages = { '/': endless(Buffer.concat(Array.from({ length: 3000 }, () => nothing)), 'gzip') }
    previews = await openPreviews(world, web())
    const fetching = fetchFrom(publicWeb(web()), new URL(at('/')), { accept: '*/*', most: MEGABYTE, signal })
    await expect(fetching).rejects.toMatchObject({ reason: 'tooLarge' })
    expect(signal.aborted).toBe(false)
  })

  test('a page of several megabytes is good for its beginning', async () => {
    expect(await preview({ '/': html(`<title>很长</title>${'a'.repeat(3 * MEGABYTE)}`) })).toMatchObject({
      status: 200,
      title: '很长',
    })
  })
})

test('asking without end is stopped for a while, per administrator', async () => {
  pages = { '/': html('<title>a</title>') }
  previews = await openPreviews(world, web())
  for (let asked = 0; asked < 20; asked += 1) expect((await previews.preview(admin, at('/'))).status).toBe(200)
  const refused = await previews.preview(admin, at('/'))
  expect(refused).toMatchObject({ status: 429, message: expect.stringMatching(/^获取过于频繁，请 \d+ 秒后再试$/) })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect((await previews.preview(await world.admin('wangwu'), at('/'))).status).toBe(200)
})

function endless(chunk: Buffer, encoding = 'identity'): RequestListener {
  return (_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Encoding': encoding })
    const pour = () => {
      while (!response.destroyed && response.write(chunk));
    }
    response.on('drain', pour)
    pour()
  }
}

function floodHeaders(socket: Socket) {
  socket.write('HTTP/1.1 200 OK\r\n')
  const pour = () => {
    while (!socket.destroyed && socket.write(`X-${'a'.repeat(1000)}: b\r\n`));
  }
  socket.on('drain', pour).on('error', () => {})
  pour()
}

/** Few bytes, 20,000² pixels. */
function hugePng(): Promise<Buffer> {
  return sharp({ create: { width: 20_000, height: 20_000, channels: 3, background: '#fff' }, limitInputPixels: false })
    .png({ palette: true, compressionLevel: 9 })
    .toBuffer()
}
