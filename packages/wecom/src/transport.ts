import { once } from 'node:events'
import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { WecomUnreachable } from './errors.ts'

export interface HttpRequest {
  method: 'GET' | 'POST'
  url: URL
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** For everything together: connecting, sending, waiting, reading. */
  timeoutMs: number
}

export interface HttpAnswer {
  status: number
  headers: IncomingMessage['headers']
  body: Buffer
}

/** Far above the largest answer we ask for (a department's 30,000 members), far below what hurts this process. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024

/**
 * One HTTP exchange. It is node:http and not fetch because delivery depends on knowing whether request bytes can have
 * left this machine (DESIGN.md 4.4), and only the socket's own events tell that.
 */
export async function exchange({ method, url, headers, body, timeoutMs }: HttpRequest): Promise<HttpAnswer> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  const deadline = AbortSignal.timeout(timeoutMs)
  const request = send(url, { method, headers: { ...headers }, signal: deadline })
  const mayBeSent = watchSending(request, url.protocol === 'https:' ? 'secureConnect' : 'connect')
  // `once` below listens only until there is a response; a reset while reading is reported by the response as well.
  request.on('error', () => {})
  request.end(body)
  try {
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    return { status: response.statusCode!, headers: response.headers, body: await readAll(response) }
  } catch (error) {
    const reason = deadline.aborted ? `no answer within ${timeoutMs} ms` : describe(error as NodeJS.ErrnoException)
    throw new WecomUnreachable(reason, { ambiguous: mayBeSent(), cause: error })
  }
}

/** Says whether request bytes may have been written: never before a fresh connection stands, always on a reused one. */
function watchSending(request: ClientRequest, ready: 'connect' | 'secureConnect'): () => boolean {
  let possible = false
  request.once('socket', (socket) => {
    if (socket.connecting) socket.once(ready, () => (possible = true))
    else possible = true
  })
  return () => possible
}

async function readAll(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_ANSWER_BYTES) throw new Error(`the answer is longer than ${MAX_ANSWER_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function describe({ code, message }: NodeJS.ErrnoException): string {
  return code && !message.includes(code) ? `${code} ${message}` : message
}
