import { createHash, randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'
import { compileOnceForOne } from '../db/compiled.ts'
import type { Audience } from '../db/schema.ts'
import type { Db, Parts } from '../parts.ts'

declare const checked: unique symbol

/** Comes only out of `findSession`, after the check that this person still has the right: forgetting it does not compile. */
interface Session {
  readonly [checked]: true
  readonly userid: string
  readonly name: string
}
export type AdminSession = Session & { readonly audience: 'admin' }
export type EmployeeSession = Session & { readonly audience: 'me' }

const HOUR = 3_600_000
/** Ends after so long without a request, and after so long in all (ms). */
const IDLE: Record<Audience, number> = { admin: 8 * HOUR, me: 7 * 24 * HOUR }
const ABSOLUTE: Record<Audience, number> = { admin: 24 * HOUR, me: 30 * 24 * HOUR }
/** `lastSeenAt` is written at most this often, so that reading pages does not mean writing rows. */
const TOUCH_EVERY = HOUR / 12

const hash = (token: string) => createHash('sha256').update(token).digest('hex')

type SessionParts = Pick<Parts, 'config' | 'clock' | 'db'>

export const cookieName = (secure: boolean, name: string) => (secure ? `__Host-${name}` : name)
const sessionCookie = (parts: SessionParts, audience: Audience) => cookieName(parts.config.secure, `qimeng_${audience}`)

/** Opens a session and puts its random token into the person's cookie; only a hash of it is stored. */
export async function openSession(parts: SessionParts, response: Response, audience: Audience, userid: string) {
  const token = randomBytes(32).toString('base64url')
  const now = parts.clock.now()
  await parts.db
    .insertInto('sessions')
    .values({
      tokenHash: hash(token),
      audience,
      userid,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: now + ABSOLUTE[audience],
    })
    .execute()
  setCookie(parts, response, sessionCookie(parts, audience), token, ABSOLUTE[audience])
}

/** SameSite=Lax: the way back from WeCom's login is a cross-site navigation, Strict would lose the cookie there. */
export function setCookie(parts: SessionParts, response: Response, name: string, value: string, maxAge: number) {
  response.cookie(name, value, { httpOnly: true, secure: parts.config.secure, sameSite: 'lax', path: '/', maxAge })
}

export function readCookie(request: Request, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, ...value] = pair.trim().split('=')
    if (key === name) return value.join('=')
  }
  return undefined
}

/**
 * Whose request this is: undefined without a session, with one that has ended, or when the person has left the company
 * or (for the console) is no administrator any more. Looked up on every request, so a lost right ends at once.
 */
export async function findSession(
  parts: SessionParts,
  request: Request,
  audience: 'admin',
): Promise<AdminSession | undefined>
export async function findSession(
  parts: SessionParts,
  request: Request,
  audience: 'me',
): Promise<EmployeeSession | undefined>
export async function findSession(
  parts: SessionParts,
  request: Request,
  audience: Audience,
): Promise<AdminSession | EmployeeSession | undefined>
export async function findSession(parts: SessionParts, request: Request, audience: Audience) {
  const token = readCookie(request, sessionCookie(parts, audience))
  if (!token) return undefined
  const now = parts.clock.now()
  const tokenHash = hash(token)
  const session = await liveSession(parts.db, { tokenHash, now, idleSince: now - IDLE[audience] }, { audience })
  if (!session) return undefined
  if (session.lastSeenAt < now - TOUCH_EVERY) {
    await parts.db.updateTable('sessions').set({ lastSeenAt: now }).where('tokenHash', '=', tokenHash).execute()
  }
  return { userid: session.userid, name: session.name, audience } as unknown as AdminSession | EmployeeSession
}

type Looked = { tokenHash: string; now: number; idleSince: number }

const liveSession = compileOnceForOne(
  (db, { tokenHash, now, idleSince }: Looked, { audience }: { audience: Audience }) => {
    const query = db
      .selectFrom('sessions')
      .innerJoin('employees', 'employees.userid', 'sessions.userid')
      .select(['sessions.userid', 'sessions.lastSeenAt', 'employees.name'])
      .where('sessions.tokenHash', '=', tokenHash)
      .where('sessions.audience', '=', audience)
      .where('sessions.expiresAt', '>', now)
      .where('sessions.lastSeenAt', '>', idleSince)
      .where('employees.active', '=', 1)
    return audience === 'admin' ? query.innerJoin('admins', 'admins.userid', 'sessions.userid') : query
  },
)

export async function closeSession(parts: SessionParts, request: Request, response: Response, audience: Audience) {
  const name = sessionCookie(parts, audience)
  const token = readCookie(request, name)
  if (token) await parts.db.deleteFrom('sessions').where('tokenHash', '=', hash(token)).execute()
  response.clearCookie(name, { httpOnly: true, secure: parts.config.secure, sameSite: 'lax', path: '/' })
}

/** The sessions of this person that would still be taken, the one used last first. `current` is the one that asks. */
export async function sessionsOf(parts: SessionParts, request: Request, { userid, audience }: AdminSession) {
  const now = parts.clock.now()
  const current = hash(readCookie(request, sessionCookie(parts, audience)) ?? '')
  const rows = await parts.db
    .selectFrom('sessions')
    .select(['tokenHash', 'audience', 'createdAt', 'lastSeenAt'])
    .where('userid', '=', userid)
    .where('expiresAt', '>', now)
    .orderBy('lastSeenAt', 'desc')
    .execute()
  return rows
    .filter((row) => row.lastSeenAt > now - IDLE[row.audience])
    .map(({ tokenHash, ...row }) => ({ ...row, current: tokenHash === current }))
}

/** Ends every session of these people, e.g. because they left the company. */
export async function closeSessionsOf(db: Db, userids: string[], audience?: Audience) {
  if (userids.length === 0) return
  let query = db.deleteFrom('sessions').where('userid', 'in', userids)
  if (audience) query = query.where('audience', '=', audience)
  await query.execute()
}
