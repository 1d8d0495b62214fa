import { createHash, randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'
import type { Audience } from '../db/schema.ts'
import { cookieName, readCookie, setCookie } from '../http/sessions.ts'
import type { Parts } from '../parts.ts'

/** How long (ms) one may look at WeCom's QR code before scanning it. */
const STATE_LIFETIME = 15 * 60_000

const hash = (value: string) => createHash('sha256').update(value).digest('hex')
const browserCookie = (parts: Parts) => cookieName(parts.config.secure, 'qimeng_login')

/**
 * Notes that this browser asked to log in and where it wants to return to. Logins begun side by side (two cards tapped
 * together) share the browser's cookie and have a state each.
 * @returns the state to hand to WeCom: hex, since WeCom takes letters and digits only (WECOM.md 2.1)
 */
export async function rememberLogin(
  parts: Parts,
  {
    request,
    response,
    audience,
    returnPath,
  }: { request: Request; response: Response; audience: Audience; returnPath: string },
): Promise<string> {
  const known = readCookie(request, browserCookie(parts))
  const browser = known && /^[\w-]{43}$/.test(known) ? known : randomBytes(32).toString('base64url')
  setCookie(parts, response, browserCookie(parts), browser, STATE_LIFETIME)
  const state = randomBytes(16).toString('hex')
  const expiresAt = parts.clock.now() + STATE_LIFETIME
  await parts.db
    .insertInto('oauthStates')
    .values({ state, audience, returnPath, browserHash: hash(browser), expiresAt })
    .execute()
  return state
}

/** The return path of a login this browser began, once; undefined for any other state. */
export async function redeemLogin(parts: Parts, request: Request, audience: Audience): Promise<string | undefined> {
  const { state } = request.query
  const browser = readCookie(request, browserCookie(parts))
  if (typeof state !== 'string' || !browser) return undefined
  const login = await parts.db
    .deleteFrom('oauthStates')
    .where('state', '=', state)
    .where('audience', '=', audience)
    .where('browserHash', '=', hash(browser))
    .returning(['returnPath', 'expiresAt'])
    .executeTakeFirst()
  return login && login.expiresAt > parts.clock.now() ? login.returnPath : undefined
}
