import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request as requestPlain, type IncomingMessage } from 'node:http'
import { request, type RequestOptions } from 'node:https'
import { text } from 'node:stream/consumers'
import { connect } from 'node:tls'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ENGINE } from '../test/database.ts'
import { hasProxy, HOST_NAME, PROXIES, type Proxy, startProxy } from '../test/proxies.ts'
import { startWorld, type World } from '../test/world.ts'

// The proxies of deploy/, really run: what docs/deploy.md promises of them.

const NAMES = Object.keys(PROXIES) as (keyof typeof PROXIES)[]
const MB = 1024 ** 2

// The database makes no difference to them.
describe.skipIf(ENGINE !== 'sqlite').each(NAMES)('behind %s', (name) => {
  if (!hasProxy(name)) {
    process.stderr.write(`${name} NOT TESTED: it is not on this machine\n`)
    return test.skip('nothing, for it is not here')
  }
  let world: World
  let proxy: Proxy
  let cookie: string
  beforeAll(async () => {
    world = await startWorld()
    const { browser } = await world.admin('zhangsan')
    await world.restart({
      env: {
        ...{ PUBLIC_URL: `https://${HOST_NAME}`, METRICS_PORT: '0' },
        ...{ WECOM_CALLBACK_TOKEN: 'token', WECOM_CALLBACK_AES_KEY: 'a'.repeat(43) },
      },
    })
    cookie = `__Host-qimeng_admin=${browser.cookies.get('qimeng_admin')}`
    proxy = await startProxy(name, Number(new URL(world.publicUrl).port))
  }, 60_000)
  afterAll(async () => {
    await proxy?.stop()
    await world.stop()
  })

  const to = (path: string, options: RequestOptions = {}): RequestOptions => ({
    ...{
      host: '127.0.0.1',
      port: proxy.httpsPort,
      servername: HOST_NAME,
      rejectUnauthorized: false,
      path,
      agent: false,
    },
    ...options,
    headers: { Host: HOST_NAME, ...options.headers },
  })
  const answered = (asked: ReturnType<typeof request>) =>
    new Promise<IncomingMessage>((resolve, reject) => asked.once('response', resolve).once('error', reject))
  const get = async (path: string, options?: RequestOptions) => {
    const asked = request(to(path, options))
    asked.end()
    const response = await answered(asked)
    return { status: response.statusCode, headers: response.headers, body: await text(response) }
  }
  const BOUNDARY = 'boundary'
  const formOf = (picture: Buffer) =>
    Buffer.concat([
      Buffer.from(
        `--${BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n`,
      ),
      picture,
      Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
    ])
  const uploading = (length: number, as: Record<string, string>) =>
    request(
      to('/api/console/images', {
        method: 'POST',
        headers: {
          ...{ 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`, 'Content-Length': length, ...as },
          ...{ 'X-Requested-With': 'qimeng-moments', Origin: `https://${HOST_NAME}` },
        },
      }),
    )
  const upload = async (picture: Buffer) => {
    const form = formOf(picture)
    const asked = uploading(form.length, { Cookie: cookie })
    // A proxy that refuses by the length alone need not read it.
    asked.on('error', () => {})
    asked.end(form)
    const response = await answered(asked)
    return { status: response.statusCode, type: response.headers['content-type'], body: await text(response) }
  }

  test('a picture of 10 MB comes through, a larger one is refused by the server with words, a huge one by the proxy', async () => {
    const [width, height] = [1900, 1800]
    const noise = sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
    const picture = await noise.png({ compressionLevel: 0 }).toBuffer()
    expect(picture.length / MB).toBeGreaterThan(9.7)
    expect(picture.length / MB).toBeLessThan(10)
    expect(await upload(picture)).toMatchObject({ status: 200 })
    const large = await upload(Buffer.concat([picture, Buffer.alloc(MB)]))
    expect(large).toMatchObject({ status: 413, type: expect.stringContaining('json') })
    expect(large.body).toContain('10 MB')
    // Caddy 2.6, as Debian 12 has it, takes its own refusal for a broken server.
    expect([413, 502]).toContain((await upload(Buffer.alloc(13 * MB))).status)
  })

  test('a refusal arrives before the upload has ended', async () => {
    const asked = uploading(9 * MB, {})
    asked.on('error', () => {})
    asked.write(Buffer.alloc(64 * 1024))
    expect((await answered(asked)).statusCode).toBe(401)
    asked.destroy()
  })

  test('the server learns who asks, whatever the browser claims about itself', async () => {
    const warn = vi.spyOn(world.parts.log, 'warn')
    const claims = { 'X-Forwarded-For': '198.51.100.7', Forwarded: 'for=198.51.100.7', 'X-Real-IP': '198.51.100.7' }
    await get('/wecom/callback?msg_signature=x', { headers: claims, localAddress: '127.0.0.2' })
    const from = warn.mock.calls.map(([fields]) => (fields as { from?: string }).from)
    warn.mockRestore()
    expect(from).toEqual(['127.0.0.2'])
  })

  test('browsers are kept on https, and speak HTTP/2', async () => {
    const asked = requestPlain({
      ...{ host: '127.0.0.1', port: proxy.httpPort, path: '/m/tasks', agent: false, headers: { Host: HOST_NAME } },
    })
    asked.end()
    const { statusCode, headers } = await answered(asked)
    expect([301, 308]).toContain(statusCode)
    expect(headers.location).toMatch(new RegExp(`^https://${HOST_NAME}(:\\d+)?/m/tasks$`))
    expect((await get('/m/')).headers['strict-transport-security']).toMatch(/^max-age=31536000/)
    const secure = { host: '127.0.0.1', port: proxy.httpsPort, servername: HOST_NAME, rejectUnauthorized: false }
    const socket = connect({ ...secure, ALPNProtocols: ['h2', 'http/1.1'] })
    await once(socket, 'secureConnect')
    expect(socket.alpnProtocol).toBe('h2')
    socket.destroy()
  })

  test('pages and their parts come through, compressed; how the server is doing does not', async () => {
    const { status, headers } = await get('/api/openapi.json', { headers: { 'Accept-Encoding': 'gzip' } })
    expect([status, headers['content-encoding']]).toEqual([200, 'gzip'])
    expect((await get('/admin/assets/gone-1234.js')).status).toBe(404)
    for (const path of ['/livez', '/readyz', '/metrics']) {
      expect([path, (await get(path)).status]).toEqual([path, 404])
    }
    expect((await world.browser().get('/readyz')).status).toBe(200)
  })
})
