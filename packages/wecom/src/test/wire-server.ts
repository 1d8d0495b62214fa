import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { createWecomClient, type WecomClient, type WecomLog } from '../client.ts'
import { memoryTokenStore, type TokenStore } from '../tokens.ts'

export interface WireRequest {
  method: string
  path: string
  query: Record<string, string>
  headers: IncomingMessage['headers']
  body: Buffer
}

/** What the far end does: an object is answered as JSON with HTTP 200, everything else it does to the response itself. */
export type WireAnswer = (request: WireRequest, response: ServerResponse) => object | void

export interface WireServer {
  url: string
  requests: WireRequest[]
  /** The requests to one endpoint, such as `message/send`. */
  to(path: string): WireRequest[]
}

/** A little far end for one test. It hands out `token-1`, `token-2` … and leaves the other endpoints to the test. */
export async function wireServer(answer: WireAnswer): Promise<WireServer> {
  const requests: WireRequest[] = []
  let tokens = 0
  const server = createServer(async (incoming, response) => {
    const url = new URL(incoming.url!, 'http://wire')
    const request = {
      method: incoming.method!,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: incoming.headers,
      body: Buffer.concat(await incoming.toArray()),
    }
    requests.push(request)
    const reply =
      answer(request, response) ??
      (request.path === '/cgi-bin/gettoken' && !response.headersSent && !response.destroyed
        ? { errcode: 0, errmsg: 'ok', access_token: `token-${++tokens}`, expires_in: 7200 }
        : undefined)
    if (reply) response.setHeader('content-type', 'application/json; charset=UTF-8').end(JSON.stringify(reply))
  })
  return {
    url: await listen(server),
    requests,
    to: (path) => requests.filter((one) => one.path === `/cgi-bin/${path}`),
  }
}

export async function listen(server: Server | import('node:net').Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export const SECRET = 'the-secret-of-the-app'

export interface Clock {
  ms: number
}

export function clientFor(
  apiUrl: string,
  more: { tokens?: TokenStore; clock?: Clock; log?: WecomLog; timeoutMs?: number } = {},
): WecomClient {
  const { tokens = memoryTokenStore(), clock = { ms: 1_700_000_000_000 }, log, timeoutMs = 5_000 } = more
  return createWecomClient(
    {
      corpId: 'wwcorp',
      agentId: 1000002,
      secret: SECRET,
      apiUrl,
      oauthUrl: 'https://open.weixin.qq.com',
      loginUrl: 'https://login.work.weixin.qq.com',
      timeoutMs,
    },
    { tokens, now: () => clock.ms, ...(log && { log }) },
  )
}

/** A refusal in WeCom's own shape (WECOM.md 0.2). */
export function refusal(errcode: number, reason: string): object {
  const more = `more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`
  return { errcode, errmsg: `${reason}, hint: [1700000000_1a2b], from ip: 203.0.113.7, ${more}` }
}
