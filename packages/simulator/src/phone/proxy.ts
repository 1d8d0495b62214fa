import type { Request, Response } from 'express'
import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import { buffer } from 'node:stream/consumers'
import type { Person } from '../state/people.ts'
import type { State } from '../state/state.ts'
import { noticePage } from '../pages/notice.ts'
import { cookieHeader, storeCookies } from './cookies.ts'
import { phoneOrigin } from './hosts.ts'
import { toApp, toPhone } from './origin.ts'
import { phoneOptions } from './options.ts'
import { userAgent } from './user-agent.ts'

/** First in the document, so that the bridge is there before the app's scripts (WECOM.md 5.5). */
const BRIDGE = '<script src="/__phone/bridge.js"></script>'

const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'proxy-connection', 'host']

/**
 * The way from a phone's in-app browser to the app. What it changes, and nothing else: the origin (this phone's ↔ the
 * app's) in redirects, Origin, Referer, query strings and JSON request bodies; the cookies, kept in this phone's jar;
 * the User-Agent; and one script tag in HTML documents. Everything else streams through as it is.
 */
export async function proxyToApp(state: State, person: Person, request: Request, response: Response): Promise<void> {
  const origin = phoneOrigin(state, person)
  const path = mapQuery(request.url, state, origin)
  const headers = requestHeaders(state, person, request, origin)
  const json = (request.headers['content-type'] ?? '').startsWith('application/json')
  const body = json ? mapText((await buffer(request)).toString('utf8'), state, origin) : undefined
  if (body !== undefined) headers['content-length'] = Buffer.byteLength(body)

  const send = state.appUrl.startsWith('https:') ? httpsRequest : httpRequest
  const upstream = send(state.appUrl + path, { method: request.method, headers }, (reply) => {
    void answer(state, person, request, reply, response).catch(() => response.destroy())
  })
  upstream.on('error', () => {
    if (response.headersSent) return response.destroy()
    response.status(502).send(noticePage('网络不可用', '手机连不上企盟助手的服务器，请稍后再试。'))
  })
  response.on('close', () => upstream.destroy())
  if (body === undefined) request.pipe(upstream)
  else upstream.end(body)
}

/** The app checks that a URL to sign is its own: where the page names its address, it is given the app's (README). */
const mapText = (text: string, state: State, origin: string): string => text.replaceAll(origin, state.appUrl)

/** Parameter by parameter, since clients differ in what they percent-encode; those without the origin keep their bytes. */
function mapQuery(url: string, state: State, origin: string): string {
  const [path = '', query] = url.split(/\?(.*)/s)
  if (query === undefined) return path
  const mapped = query.split('&').map((pair) => {
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    const text = decoded(value)
    return text.includes(origin) ? `${name}=${encodeURIComponent(mapText(text, state, origin))}` : pair
  })
  return `${path}?${mapped.join('&')}`
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value // not percent-encoded text: the app's business
  }
}

function requestHeaders(state: State, person: Person, request: Request, origin: string): OutgoingHttpHeaders {
  const headers = without(request.headers, [...HOP_BY_HOP, 'cookie'])
  for (const name of ['origin', 'referer']) {
    const value = request.headers[name]
    if (typeof value === 'string') headers[name] = toApp(value, state, origin)
  }
  const cookies = cookieHeader(state, person.userid, request.path)
  if (cookies) headers.cookie = cookies
  headers['user-agent'] = userAgent(phoneOptions(state, person.userid))
  // A document is going to get a script tag: ask for it uncompressed.
  if ((request.headers.accept ?? '').includes('text/html')) headers['accept-encoding'] = 'identity'
  return headers
}

const without = (headers: IncomingHttpHeaders, names: string[]): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))

async function answer(
  state: State,
  person: Person,
  request: Request,
  reply: IncomingMessage,
  response: Response,
): Promise<void> {
  storeCookies(state, person.userid, reply.headers['set-cookie'] ?? [], request.path)
  const headers = without(reply.headers, [...HOP_BY_HOP, 'set-cookie'])
  if (reply.headers.location) headers.location = toPhone(reply.headers.location, state, phoneOrigin(state, person))
  response.status(reply.statusCode ?? 502)

  const document = (reply.headers['content-type'] ?? '').startsWith('text/html') && !reply.headers['content-encoding']
  if (!document || request.method === 'HEAD' || reply.statusCode === 304) {
    response.set(headers as Record<string, string | string[]>)
    reply.on('error', () => response.destroy())
    reply.pipe(response)
    return
  }
  const html = (await buffer(reply)).toString('utf8').replace(/<head[^>]*>/i, (head) => head + BRIDGE)
  delete headers['content-length']
  response.set(headers as Record<string, string | string[]>).end(html)
}
