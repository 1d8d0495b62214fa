import { randomUUID } from 'node:crypto'
import type { Request, RequestHandler } from 'express'
import { inLogContext } from '../log-context.ts'
import type { Parts } from '../parts.ts'

/** Gives every request a number that replies carry and that a person can pass on, and logs and measures how it ended. */
export const requestLog =
  ({ log, metrics }: Pick<Parts, 'log' | 'metrics'>): RequestHandler =>
  (request, response, next) => {
    const requestId = randomUUID()
    const startedAt = performance.now()
    const method = request.method
    response.set('X-Request-Id', requestId)
    response.on('close', () => {
      // The path only: queries carry OAuth codes and picture signatures.
      const fields = {
        method,
        path: request.baseUrl + request.path,
        status: response.statusCode,
        ms: Math.round(performance.now() - startedAt),
      }
      metrics.requests.observe({ method, route: routeOf(request), status: fields.status }, fields.ms / 1000)
      if (response.writableFinished) log.debug(fields, 'request')
      else log.debug(fields, 'request cut off')
    })
    inLogContext({ requestId }, next)
  }

/** The pattern and not the path: a series for every task would be one for every line of the database. */
function routeOf({ route, baseUrl }: Request): string {
  const pattern: unknown = (route as { path?: unknown } | undefined)?.path
  return typeof pattern === 'string' ? baseUrl + pattern : 'other'
}
