import { createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { WecomUnreachable } from './errors.ts'
import { sendFrozenMessage } from './messages.ts'
import { memoryTokenStore } from './tokens.ts'
import { clientFor, listen, wireServer, type WireAnswer } from './test/wire-server.ts'
import { exchange } from './transport.ts'

const BODY = '{"touser":"zhangsan"}'

async function failureOf(work: Promise<unknown>): Promise<WecomUnreachable> {
  const error = await work.then(
    () => expect.fail('it should have failed'),
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(WecomUnreachable)
  return error as WecomUnreachable
}

/** Posts to a far end that treats the connection itself in its own way. */
async function postTo(treat: (socket: Socket) => void, scheme = 'http', timeoutMs = 5_000): Promise<WecomUnreachable> {
  const server = createServer((socket) => treat(socket.on('error', () => {})))
  const url = new URL((await listen(server)).replace('http', scheme))
  return failureOf(exchange({ method: 'POST', url, body: BODY, timeoutMs }))
}

const afterRequest = (treat: (socket: Socket) => void) => (socket: Socket) =>
  void socket.once('data', () => treat(socket))

describe('certainly not sent', () => {
  it('a refused port', async () => {
    const url = new URL('http://127.0.0.1:1')
    const failure = await failureOf(exchange({ method: 'POST', url, body: BODY, timeoutMs: 5_000 }))
    expect(failure).toMatchObject({ ambiguous: false, reason: expect.stringContaining('ECONNREFUSED') })
  })

  it('a name that DNS does not know', async () => {
    const url = new URL('http://wecom.invalid')
    const failure = await failureOf(exchange({ method: 'POST', url, body: BODY, timeoutMs: 5_000 }))
    expect(failure).toMatchObject({ ambiguous: false })
  })

  it('a TLS handshake that fails', async () => {
    const failure = await postTo((socket) => socket.end('this is no TLS'), 'https')
    expect(failure.ambiguous).toBe(false)
  })

  it('a TLS handshake that never ends', async () => {
    const failure = await postTo(() => {}, 'https', 100)
    expect(failure).toMatchObject({ ambiguous: false, reason: 'no answer within 100 ms' })
  })
})

describe('perhaps received', () => {
  it('a reset after the request', async () => {
    const failure = await postTo(afterRequest((socket) => socket.resetAndDestroy()))
    expect(failure).toMatchObject({ ambiguous: true, reason: expect.stringContaining('ECONNRESET') })
  })

  it('a polite close without a word', async () => {
    expect((await postTo(afterRequest((socket) => socket.end()))).ambiguous).toBe(true)
  })

  it('a reset in the middle of the answer', async () => {
    const half = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"errcode":0,'
    const failure = await postTo(afterRequest((socket) => socket.write(half, () => socket.resetAndDestroy())))
    expect(failure.ambiguous).toBe(true)
  })

  it('no answer in time', async () => {
    const failure = await postTo(() => {}, 'http', 100)
    expect(failure).toMatchObject({ ambiguous: true, reason: 'no answer within 100 ms' })
  })

  it('an answer that stops half-way', async () => {
    const half = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"errcode":0,'
    const failure = await postTo(
      afterRequest((socket) => void socket.write(half)),
      'http',
      150,
    )
    expect(failure).toMatchObject({ ambiguous: true, reason: 'no answer within 150 ms' })
  })

  it('a reset on a connection kept from an earlier call', async () => {
    let calls = 0
    const { url } = await wireServer((request, response) => {
      if (++calls > 1) response.socket!.resetAndDestroy()
      else return { errcode: 0 }
    })
    const call = () => exchange({ method: 'POST', url: new URL(url), body: BODY, timeoutMs: 5_000 })
    await call()
    expect((await failureOf(call())).ambiguous).toBe(true)
    expect(calls).toBe(2)
  })

  const unreadable: [string, WireAnswer][] = [
    ['an HTML 502', (_, response) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>502</h1>')],
    ['an HTML 200', (_, response) => void response.end('<html>Please log in to the hotel</html>')],
    ['broken JSON', (_, response) => void response.end('{"errcode":0,"errmsg":')],
    ['JSON without an errcode', () => ({ hello: 'world' })],
    ['null', (_, response) => void response.end('null')],
    ['an empty answer', (_, response) => void response.writeHead(200).end()],
    ['a redirect', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ]
  it.each(unreadable)('%s', async (_, answer) => {
    const { url } = await wireServer((request, response) =>
      request.path === '/cgi-bin/message/send' ? answer(request, response) : undefined,
    )
    expect((await failureOf(sendFrozenMessage(clientFor(url), BODY))).ambiguous).toBe(true)
  })
})

describe('a call whose token cannot be fetched', () => {
  it('has certainly not been sent, however the fetching ended', async () => {
    const { url, to } = await wireServer((_, response) => void response.socket!.resetAndDestroy())
    expect((await failureOf(sendFrozenMessage(clientFor(url), BODY))).ambiguous).toBe(false)
    expect(to('message/send')).toHaveLength(0)
  })

  it('leaves the way free for the next call', async () => {
    let down = true
    const { url } = await wireServer((request, response) => {
      if (request.path !== '/cgi-bin/gettoken') return { errcode: 0 }
      if (down) response.socket!.resetAndDestroy()
    })
    const client = clientFor(url, { tokens: memoryTokenStore() })
    await failureOf(sendFrozenMessage(client, BODY))
    down = false
    await expect(sendFrozenMessage(client, BODY)).resolves.toBeDefined()
  })
})
