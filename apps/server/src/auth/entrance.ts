import type { Request, RequestHandler } from 'express'
import type { Audience } from '../db/schema.ts'
import { findSession } from '../http/sessions.ts'
import type { Parts } from '../parts.ts'

/** Pages that make sense without a session. */
const OPEN: Record<Audience, string> = { admin: '/login', me: '/refused' }
const LOGIN: Record<Audience, string> = { admin: '/admin/login', me: '/auth/me/login' }

/** What a login that came to nothing is answered with: the page that explains it is no success (docs/decisions/0018). */
function statusOf({ query }: Request): number {
  const reason = query.error ?? query.reason
  if (reason === undefined) return 200
  return reason === 'unavailable' ? 503 : 403
}

/**
 * Stands before the page of an app: without a session one is led to the login at once, instead of loading an app that
 * finds out by itself. On the phone that saves the card's first opening a whole round trip.
 */
export const entrance =
  (parts: Parts, audience: Audience): RequestHandler =>
  async (request, response, next) => {
    if (request.path === OPEN[audience]) {
      response.status(statusOf(request))
      return next()
    }
    const session =
      audience === 'admin' ? await findSession(parts, request, 'admin') : await findSession(parts, request, 'me')
    if (session) return next()
    const query = new URLSearchParams({ return: request.originalUrl })
    response.set('Cache-Control', 'no-store').redirect(`${LOGIN[audience]}?${query}`)
  }
