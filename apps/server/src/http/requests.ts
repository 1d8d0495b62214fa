import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'

/** Gives every request a number that replies carry and that a person can pass on, and logs how it ended. */
export const requestLog =
  (log: Logger): RequestHandler =>
  (request, response, next) => {
    const requestId = randomUUID()
    const startedAt = performance.now()
    response.set('X-Request-Id', requestId)
    response.on('close', () => {
      // The path only: queries carry OAuth codes and picture signatures.
      const fields = {
        requestId,
        method: request.method,
        path: request.baseUrl + request.path,
        status: response.statusCode,
        ms: Math.round(performance.now() - startedAt),
      }
      if (response.writableFinished) log.debug(fields, 'request')
      else log.debug(fields, 'request cut off')
    })
    next()
  }
