import { WecomError, WecomUnreachable } from './errors.ts'
import { tokenReader, type FetchToken, type TokenStore } from './tokens.ts'
import { exchange, type HttpAnswer, type HttpRequest } from './transport.ts'

export interface WecomSettings {
  corpId: string
  agentId: number
  secret: string
  /** Where the three hosts are; see WECOM_HOSTS for the real ones. */
  apiUrl: string
  oauthUrl: string
  loginUrl: string
  timeoutMs?: number
}

export const WECOM_HOSTS = {
  apiUrl: 'https://qyapi.weixin.qq.com',
  oauthUrl: 'https://open.weixin.qq.com',
  loginUrl: 'https://login.work.weixin.qq.com',
} as const

/** A call is at most four exchanges (token, call, new token, call), which must end within a worker's lease of 60 s. */
const DEFAULT_TIMEOUT_MS = 10_000

/** The secret is wrong, or not of this corp. */
const SECRET_REFUSED: ReadonlySet<number> = new Set([40001, 40013, 40091])

/**
 * How long (ms) a refused secret is not tried again: WeCom bans an address for an hour that goes on trying (WECOM.md 1.1), and
 * waiting cards and open pages would ask many times a minute. Whoever has set it right starts anew, or asks for a check.
 */
const REFUSAL_LASTS = 5 * 60_000

export interface WecomCall {
  method: 'GET' | 'POST'
  /** Such as `/cgi-bin/message/send`. */
  path: string
  query?: Record<string, string | number | undefined>
  /** An object becomes JSON; a string is JSON already and goes out byte for byte; a form goes out as multipart. */
  body?: object | string | FormData
  /** Where the usual patience is not enough, as for large files. */
  timeoutMs?: number
  /** Epoch milliseconds: a call that has not left by then never does, and has certainly done nothing. */
  leaveBy?: number
}

/** An answer to `media/get`. */
export interface WecomFile {
  contentType: string
  bytes: Buffer
}

export interface WecomLog {
  debug(fields: object, text: string): void
  warn(fields: object, text: string): void
}

export interface WecomClient {
  /** Everything but the secret. */
  readonly settings: Readonly<Omit<WecomSettings, 'secret'>>
  /**
   * Sees to an access token, so that a call right after this goes out at once. Fails as that call would, and never
   * ambiguously.
   */
  authorize(): Promise<void>
  /**
   * Fetches an access token now, although there may be one: corp id and secret are right at this moment. The new one is
   * everybody's from now on, for WeCom may have ended the other with it; a refusal leaves that one in use.
   */
  prove(): Promise<void>
  /** One API call as the app; resolves with the whole answer once its errcode is 0, else WecomError or WecomUnreachable. */
  call<Answer extends object>(call: WecomCall): Promise<Answer>
  /** The same for the endpoints that answer with a file. */
  download(call: WecomCall): Promise<WecomFile>
  /** How far (ms) our clock was ahead of WeCom's at its last answer, give or take half a second; unknown before the first. */
  clockAhead(): number | undefined
  /** A credential other than the access token, kept in the same store under this corp and app. */
  credential(name: string, fetch: FetchToken): Promise<string>
}

export interface WecomParts {
  tokens: TokenStore
  now: () => number
  log?: WecomLog
}

export function createWecomClient(
  { secret, ...settings }: WecomSettings,
  { tokens, now, log }: WecomParts,
): WecomClient {
  const { corpId, agentId, apiUrl, timeoutMs = DEFAULT_TIMEOUT_MS } = settings
  const readToken = tokenReader(tokens, now)
  const keyOf = (name: string): string => `${corpId}/${agentId}/${name}`
  const tokenKey = keyOf('access_token')
  let ahead: number | undefined
  const compareClocks = ({ headers: { date } }: HttpAnswer): void => {
    const theirs = Date.parse(date ?? '')
    // The header tells whole seconds, cut off.
    if (!Number.isNaN(theirs)) ahead = now() - (theirs + 500)
  }

  /** Sends once; what a refusal means is up to the caller. Neither query nor body is ever logged: they hold secrets. */
  const send = async <T>(
    call: WecomCall,
    query: Record<string, string>,
    read: (call: WecomCall, answer: HttpAnswer) => T,
  ): Promise<T> => {
    const url = urlOf(apiUrl, call.path, { ...call.query, ...query })
    const startedAt = performance.now()
    const logged = (outcome: number | string): void =>
      log?.debug({ path: call.path, outcome, ms: Math.round(performance.now() - startedAt) }, 'WeCom call')
    try {
      const patience = call.timeoutMs ?? timeoutMs
      const body = await encode(call.body)
      if (call.leaveBy !== undefined && now() > call.leaveBy) throw tooLateToLeave()
      const answer = await exchange({ method: call.method, url, timeoutMs: patience, ...body })
      compareClocks(answer)
      const result = read(call, answer)
      logged(0)
      return result
    } catch (error) {
      logged(error instanceof WecomError ? error.errcode : String(error))
      throw error
    }
  }

  const fetchAccessToken: FetchToken = async () => {
    const call: WecomCall = { method: 'GET', path: '/cgi-bin/gettoken' }
    const answer = await send(call, { corpid: corpId, corpsecret: secret }, readJson<TokenAnswer>)
    return { value: answer.access_token, expiresIn: answer.expires_in }
  }

  let refused: { error: WecomError; at: number } | undefined
  const fetchUnlessRefused: FetchToken = async () => {
    if (refused && Math.abs(now() - refused.at) < REFUSAL_LASTS) throw refused.error
    return fetchAccessToken()
  }

  const accessToken = async (how?: { anew: boolean }): Promise<string> => {
    try {
      const token = await readToken(tokenKey, how?.anew ? fetchAccessToken : fetchUnlessRefused, how)
      refused = undefined
      return token
    } catch (error) {
      if (error instanceof WecomError && SECRET_REFUSED.has(error.errcode) && error !== refused?.error) {
        refused = { error, at: now() }
      }
      // However the token's own call ended, the call it was for has not been sent.
      if (!(error instanceof WecomUnreachable)) throw error
      throw new WecomUnreachable(error.reason, { ambiguous: false, cause: error })
    }
  }

  const perform = async <T>(call: WecomCall, read: (call: WecomCall, answer: HttpAnswer) => T): Promise<T> => {
    const token = await accessToken()
    try {
      return await send(call, { access_token: token }, read)
    } catch (error) {
      if (!(error instanceof WecomError && error.kind === 'token')) throw error
      // WeCom may revoke a token early: fetch once, try once more (WECOM.md 1.1).
      log?.warn({ path: call.path, errcode: error.errcode }, 'WeCom refused the access token, fetching a new one')
      await tokens.invalidate(tokenKey, token)
      return send(call, { access_token: await accessToken() }, read)
    }
  }

  return {
    settings,
    clockAhead: () => ahead,
    authorize: async () => void (await accessToken()),
    prove: async () => void (await accessToken({ anew: true })),
    call: <Answer extends object>(call: WecomCall) => perform(call, readJson<Answer>),
    download: (call) => perform(call, readFile),
    credential: (name, fetch) => readToken(keyOf(name), fetch),
  }
}

const tooLateToLeave = () => new WecomUnreachable('the call could not leave in time', { ambiguous: false })

interface TokenAnswer {
  access_token: string
  expires_in: number
}

/** Joins a base, which may have a path of its own, a path and the parameters that are defined. */
export function urlOf(base: string, path: string, query: Record<string, string | number | undefined>): URL {
  const url = new URL(base.replace(/\/+$/, '') + path)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  return url
}

async function encode(body: WecomCall['body']): Promise<Pick<HttpRequest, 'headers' | 'body'>> {
  if (body === undefined) return {}
  if (body instanceof FormData) {
    const encoded = new Response(body)
    return {
      headers: { 'content-type': encoded.headers.get('content-type')! },
      body: new Uint8Array(await encoded.arrayBuffer()),
    }
  }
  const json = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return { headers: { 'content-type': 'application/json; charset=utf-8' }, body: json }
}

function readJson<Answer>({ path }: WecomCall, { status, body }: HttpAnswer): Answer {
  const answer = parse(body)
  // A proxy's page, half a body, a bare status: somebody answered, but not so that we could know what WeCom did.
  if (!Number.isInteger(answer?.errcode)) {
    throw new WecomUnreachable(`${path} answered HTTP ${status} without an errcode`, { ambiguous: true })
  }
  const { errcode, errmsg } = answer as { errcode: number; errmsg?: unknown }
  if (errcode !== 0) throw new WecomError(path, errcode, typeof errmsg === 'string' ? errmsg : '', answer as object)
  return answer as Answer
}

function parse(body: Buffer): { errcode?: unknown } | null | undefined {
  try {
    return JSON.parse(body.toString('utf8')) as { errcode?: unknown } | null
  } catch {
    return undefined
  }
}

function readFile(call: WecomCall, answer: HttpAnswer): WecomFile {
  const contentType = answer.headers['content-type'] ?? ''
  // A refusal comes as JSON with HTTP 200 (WECOM.md 6).
  if (answer.status !== 200 || /json|text\//.test(contentType)) {
    readJson(call, answer)
    throw new WecomUnreachable(`${call.path} answered without a file`, { ambiguous: true })
  }
  return { contentType, bytes: answer.body }
}
