import type { RequestHandler } from 'express'

/** A server that is about to stop asks for each connection to be the last: its proxy opens the next one elsewhere. */
export const lastAnswers =
  (leaving: AbortSignal): RequestHandler =>
  (_request, response, next) => {
    if (leaving.aborted) response.set('Connection', 'close')
    next()
  }
