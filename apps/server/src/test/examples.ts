import { type Endpoint, everyEndpoint, fillPath } from '@qimeng/contract'
import type { z } from 'zod'
import { aTask } from './builders.ts'

type All = typeof everyEndpoint
export type EndpointName = keyof All
type With<Part extends 'body' | 'query'> = {
  [K in EndpointName]: All[K] extends Record<Part, z.ZodType> ? K : never
}[EndpointName]
type Examples<Part extends 'body' | 'query'> = {
  [K in With<Part>]: All[K] extends Record<Part, infer S extends z.ZodType> ? z.input<S> : never
}

/** A body that each endpoint which takes one would accept. Complete, or no build: a new endpoint needs its line here. */
const BODIES: Examples<'body'> = {
  'tasks.create': aTask(),
  'tasks.update': { ...aTask(), version: 1 },
  'delivery.remind': { userids: null },
  'delivery.resend': { userids: null },
  'links.preview': { url: 'http://127.0.0.1/' },
  'messages.markRead': { ids: null },
  'exports.start': { state: 'pending' },
  'settings.addAdmin': { userid: 'lisi' },
  'me.submitProof': { images: ['nothing'] },
}

/** The same for queries. */
const QUERIES: Examples<'query'> = {
  'tasks.list': {},
  'tasks.executors': {},
  'delivery.executions': { state: 'pending' },
  'people.search': {},
  'images.upload': {},
  'images.renew': {},
  'messages.list': {},
  'settings.auditLog': {},
  'me.executions': { state: 'pending' },
  'me.signature': { url: 'http://localhost/m/', as: 'corp' },
}

/** Each endpoint with its name and what it would accept besides its path. */
export const endpoints = (Object.entries(everyEndpoint) as [EndpointName, Endpoint][]).map(([name, endpoint]) => ({
  name,
  endpoint,
  params: [...endpoint.path.matchAll(/:(\w+)/g)].map(([, param]) => param as ParamName),
  body: (BODIES as Record<string, unknown>)[name],
  query: (QUERIES as Record<string, unknown>)[name] as Record<string, string> | undefined,
}))

type NamesIn<Path> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesIn<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never
/** What stands after a colon in any path of the contract. */
export type ParamName = NamesIn<All[EndpointName]['path']>

/** The address of an endpoint, with its example query. */
export function addressOf({ endpoint, query }: (typeof endpoints)[number], params: Record<string, string>): string {
  const search = query && Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : ''
  return fillPath(endpoint.path, params) + search
}
