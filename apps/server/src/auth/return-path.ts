import type { Audience } from '../db/schema.ts'

/** Where each audience's pages live; a login leads nowhere else. */
export const HOME: Record<Audience, string> = { admin: '/admin/', me: '/m/' }

const MAX_LENGTH = 1000

/**
 * The page to return to after the login: a path of ours below the audience's pages, else their home. The URL parser
 * judges it as a browser would, so `//evil`, `/\evil`, `/admin/../..` and tabs in between are seen for what they are.
 */
export function safeReturnPath(audience: Audience, wanted: unknown): string {
  const home = HOME[audience]
  if (typeof wanted !== 'string' || wanted.length > MAX_LENGTH) return home
  const base = 'http://ours.invalid'
  if (!wanted.startsWith(home) || !URL.canParse(wanted, base)) return home
  const url = new URL(wanted, base)
  return url.origin === base && url.pathname.startsWith(home) ? url.pathname + url.search + url.hash : home
}
