import type { Readable } from 'node:stream'
import { pathNames } from '@qimeng/contract/fields'
import type { BodyOf, Endpoint, ParamsOf, QueryOf, ReplyOf } from '@qimeng/contract/endpoint'
import express, { type Request, type Response, type Router } from 'express'
import type { z } from 'zod'
import type { Config } from '../config.ts'
import { addToLogContext } from '../log-context.ts'
import { Refusal } from '../refusal.ts'
import type { Db, Parts } from '../parts.ts'
import { atOnce } from './at-once.ts'
import { bodyLimit, SMALL_BODY } from './body-limit.ts'
import { fingerprintOf, type Occasion, recall, remember } from './idempotency.ts'
import { limitCalls } from './rate-limit.ts'
import { type AdminSession, type EmployeeSession, findSession } from './sessions.ts'
import { discardRest, openUpload } from './upload.ts'

type SessionFor<E extends Endpoint> = E['for'] extends 'admin' ? AdminSession : EmployeeSession

export interface Input<E extends Endpoint> {
  params: ParamsOf<E>
  query: QueryOf<E>
  body: BodyOf<E>
  session: SessionFor<E>
  /** The uploaded picture, for endpoints with `upload`. */
  image: E['upload'] extends true ? Readable : undefined
  /**
   * To be called by the handler of an `idempotent` endpoint with its reply, inside the transaction that makes the thing.
   * Returns the reply, for `return remember(trx, reply)`.
   */
  remember: (trx: Db, reply: ReplyOf<E>) => Promise<ReplyOf<E>>
  request: Request
  /** For endpoints without `reply`, which write a file themselves. */
  response: Response
}

export type Handler<E extends Endpoint> = (input: Input<E>) => Promise<ReplyOf<E>>

/** Makes the reply to a repeated request anew from the first one, when that holds what ages, such as signed links. */
export type Renew<E extends Endpoint> = (input: Input<E>, first: ReplyOf<E>) => Promise<ReplyOf<E>>

type HttpParts = Pick<Parts, 'config' | 'clock' | 'db'>

/** Of 10 MB each; the fronts send two at a time. */
const UPLOADS_AT_ONCE = 12
/** Of up to 8 MB each, where 100,000 may be named. */
const LARGE_BODIES_AT_ONCE = 4

/** A form has a few dozen fields; a list of 100,000 wrong names would be answered with forty times its bytes. */
const MOST_ISSUES = 100

/**
 * Puts an endpoint of the contract on the router: session, rate, path, query and body are checked before the handler runs, and the
 * reply is cut to its schema, so that a column too many in a query never reaches a browser.
 */
export function mount<const E extends Endpoint>(
  parts: HttpParts,
  router: Router,
  endpoint: E,
  handler: Handler<E>,
  renew?: Renew<E>,
) {
  const readJson = endpoint.body && jsonReader(parts.config, endpoint.for)
  const limit = endpoint.rate && limitCalls(parts, `${endpoint.method} ${endpoint.path}`, endpoint.rate)
  const takePlace = endpoint.upload && atOnce(UPLOADS_AT_ONCE, '同时上传的图片太多')
  const method = endpoint.method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'
  router[method](endpoint.path, async (request: Request, response: Response) => {
    const session = await requireSession(parts, endpoint, request)
    await limit?.(session.userid, request.ip)
    addToLogContext(idsIn(request.params))
    const asked = {
      params: checked(endpoint.params ?? pathNames, { ...request.params }),
      query: endpoint.query && checked(endpoint.query, request.query),
      body: endpoint.body && checked(endpoint.body, await readJson?.(request, response, session.userid)),
    }
    const occasion = endpoint.idempotent ? occasionOf(endpoint, request, session, asked) : undefined
    const answer = (reply: unknown) => void response.json(endpoint.reply && cutToSchema(endpoint.reply, reply))
    const repeat = async (input: Input<E>, { reply }: { reply: unknown }) =>
      answer(renew ? await renew(input, reply as ReplyOf<E>) : reply)

    const input = {
      ...asked,
      session,
      image: undefined,
      remember: async (trx: Db, reply: ReplyOf<E>) => {
        if (occasion) await remember(trx, occasion, reply, parts.clock.now())
        return reply
      },
      request,
      response,
    } as Input<E>
    const earlier = occasion && (await recall(parts.db, occasion))
    if (earlier) return repeat(input, earlier)

    const leavePlace = takePlace?.(session.userid)
    try {
      const image = endpoint.upload ? await openUpload(request) : undefined
      const reply = await handler({ ...input, image } as Input<E>)
      if (endpoint.reply) answer(reply)
    } catch (error) {
      // Two equal requests at once: the second one failed on the key of the first, whose reply is there now.
      const meanwhile = occasion && (await recall(parts.db, occasion))
      if (!meanwhile) throw error
      await repeat(input, meanwhile)
    } finally {
      leavePlace?.()
      if (endpoint.upload) discardRest(request)
    }
  })
}

/** Which task, push or person a request is about. */
const idsIn = (params: Request['params']) =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]))

async function requireSession(parts: HttpParts, endpoint: Endpoint, request: Request) {
  const session = await findSession(parts, request, endpoint.for === 'admin' ? 'admin' : 'me')
  if (!session) throw new Refusal('unauthenticated', '登录已失效，请重新登录')
  return session
}

/** @throws {Refusal} invalid, with every issue by its field */
function checked(schema: z.ZodType, value: unknown): unknown {
  const { success, data, error } = schema.safeParse(value)
  if (success) return data
  const issues = error.issues.slice(0, MOST_ISSUES).map(({ path, message }) => ({ path: path.map(asKey), message }))
  throw new Refusal('invalid', issues[0]?.message ?? '请检查填写的内容', { issues })
}

const asKey = (key: PropertyKey) => (typeof key === 'number' ? key : String(key))

/** A reply that does not fit is our mistake, not the caller's. */
function cutToSchema(schema: z.ZodType, reply: unknown): unknown {
  const { success, data, error } = schema.safeParse(reply)
  if (success) return data
  throw new Error('the reply does not fit the contract', { cause: error })
}

/** Reads a body once it is known who sent it: what strangers send is parsed by nobody. */
function jsonReader(config: Config, audience: Endpoint['for']) {
  const parse = express.json({ limit: bodyLimit(config, audience) })
  const takePlace = atOnce(LARGE_BODIES_AT_ONCE, '同时提交的内容太多')
  return async (request: Request, response: Response, userid: string): Promise<unknown> => {
    if (!request.is('application/json')) throw new Refusal('unsupported_media', '请以 JSON 提交')
    const leavePlace = isLarge(request) ? takePlace(userid) : undefined
    try {
      await new Promise<void>((resolve, reject) => {
        parse(request, response, (error?: unknown) => (error ? reject(error as Error) : resolve()))
      })
    } finally {
      leavePlace?.()
    }
    return request.body
  }
}

/** Whether it may become long: a body that is sent in chunks or packed does not say how long it is. */
const isLarge = (request: Request) =>
  !(Number(request.get('Content-Length')) <= SMALL_BODY && request.get('Content-Encoding') === undefined)

function occasionOf(
  endpoint: Endpoint,
  request: Request,
  session: AdminSession | EmployeeSession,
  { params, query, body }: { params: unknown; query: unknown; body: unknown },
): Occasion | undefined {
  const key = request.get('Idempotency-Key')
  if (!key) return undefined
  if (key.length > 100) throw new Refusal('malformed', 'Idempotency-Key 太长')
  const fingerprint = fingerprintOf(endpoint.method, endpoint.path, params, query, body)
  return { actor: `${session.audience}:${session.userid}`, key, fingerprint }
}
