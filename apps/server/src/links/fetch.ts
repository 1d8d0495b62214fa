import { request as plainRequest, type IncomingMessage } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { readBody, type Body } from './body.ts'
import { Unreadable } from './refusals.ts'
import type { Web } from './web.ts'

/** A short link, http → https, and the www of a site: nobody needs more. */
const MOST_REDIRECTS = 3
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** Says what we are, not where or which version; no cookie, and no referrer, which picture hosts would judge. */
const HEADERS = {
  'User-Agent': 'Mozilla/5.0 (compatible; QimengMoments; link preview)',
  'Accept-Language': 'zh-CN,zh;q=0.9,en;q=0.5',
  'Accept-Encoding': 'gzip, deflate, br',
}

export interface Fetched extends Body {
  /** Where it was found, after redirects. */
  url: URL
  contentType: string
}

export interface FetchLimits {
  accept: string
  /** Bytes, after decompression: what comes beyond is not read. */
  most: number
  /** Ends everything when its time is up. */
  signal: AbortSignal
}

/**
 * Fetches what stands at an address of somebody else's. Every redirect is judged like an address that was typed.
 * @throws {Unreadable}
 */
export async function fetchFrom(web: Web, address: URL, limits: FetchLimits): Promise<Fetched> {
  let url = address
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    web.admit(url)
    const response = await ask(web, url, limits)
    const target = redirectOf(response, url)
    if (!target) return { url, contentType: response.headers['content-type'] ?? '', ...(await read(response, limits)) }
    response.destroy()
    url = target
  }
  throw new Unreadable('redirects')
}

/** Resolves with the head of the answer. */
function ask(web: Web, url: URL, { accept, signal }: FetchLimits): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? tlsRequest : plainRequest
  return new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request(url, { agent: web.agentFor(url), headers: { ...HEADERS, Accept: accept }, signal })
    asked.once('response', resolve).on('error', reject)
    // An answer that is none, such as 101, ends without an error.
    asked.once('close', () => reject(new Error('closed without an answer')))
    asked.end()
  }).catch((error: unknown) => {
    throw unreadable(error, signal)
  })
}

function redirectOf({ statusCode = 0, headers }: IncomingMessage, from: URL): URL | undefined {
  if (!REDIRECTS.has(statusCode) || headers.location === undefined) return undefined
  const target = URL.parse(headers.location, from.href)
  if (!target) throw new Unreadable('failed')
  return target
}

async function read(response: IncomingMessage, { most, signal }: FetchLimits): Promise<Body> {
  try {
    if (response.statusCode !== 200) throw new Unreadable('failed')
    return await readBody(response, most)
  } catch (error) {
    throw unreadable(error, signal)
  } finally {
    response.destroy()
  }
}

function unreadable(error: unknown, signal: AbortSignal): Unreadable {
  if (error instanceof Unreadable) return error
  return new Unreadable(signal.aborted ? 'slow' : 'unreachable', error)
}
