import type { z } from 'zod'
import type { Rate } from './rates.ts'

/** Whose session a request needs: an administrator's or an employee's. */
export type Audience = 'admin' | 'employee'

/**
 * One endpoint as server and fronts agree on it. The server mounts it and checks with its schemas; the fronts import
 * only its type and call it by "METHOD /path", so that no schema travels to the phone.
 */
export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: `/api/${string}`
  for: Audience
  /** One line for the API description. */
  summary: string
  /** For a part of the path that is no plain name. Fronts give all of them as text. */
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  /** The body is multipart with one picture in the field `image`, streamed to the handler. */
  upload?: true
  /** Repeating the request with the same Idempotency-Key makes one thing and gives the first reply again. */
  idempotent?: true
  /** The server refuses with 429 whoever calls it more often. */
  rate?: Rate
  /** Absent: the handler writes a file itself. */
  reply?: z.ZodType
}

export const endpoint = <const E extends Endpoint>(definition: E): E => definition

/** The names after a colon in a path, as keys: '/api/x/:id' → { id: string }. */
export type PathParams<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Record<Name, string> & PathParams<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Record<Name, string>
    : unknown

export type ParamsOf<E extends Endpoint> = E['params'] extends z.ZodType ? z.output<E['params']> : PathParams<E['path']>
export type ReplyOf<E extends Endpoint> = E['reply'] extends z.ZodType ? z.output<E['reply']> : void
export type QueryOf<E extends Endpoint> = E['query'] extends z.ZodType ? z.output<E['query']> : undefined
export type BodyOf<E extends Endpoint> = E['body'] extends z.ZodType ? z.output<E['body']> : undefined

/** 'GET /api/me/session' and the like, of every endpoint in an api object. */
export type RouteOf<Api> = {
  [K in keyof Api]: Api[K] extends Endpoint ? `${Api[K]['method']} ${Api[K]['path']}` : never
}[keyof Api]

export type EndpointAt<Api, Route> = {
  [K in keyof Api]: Api[K] extends Endpoint
    ? `${Api[K]['method']} ${Api[K]['path']}` extends Route
      ? Api[K]
      : never
    : never
}[keyof Api]
