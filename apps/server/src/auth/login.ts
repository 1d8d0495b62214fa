import { authorizeUrl, exchangeCode, ssoLoginUrl, type LoginIdentity } from '@qimeng/wecom'
import type { Request } from 'express'
import type { Audience } from '../db/schema.ts'
import type { Parts } from '../parts.ts'
import { admitPerson, type Person } from '../people/admit.ts'
import { adminNames, recognizeAdmin } from './admins.ts'

/** Why a login ends without a session; the pages explain it. */
export type LoginRefusal = 'not_admin' | 'not_employee' | 'cancelled' | 'expired' | 'unavailable'

/** `ask`: names of administrators; for colleagues only, not for strangers. */
export type LoginOutcome = { person: Person } | { refused: LoginRefusal; name?: string; ask?: string[] }

const CALLBACK: Record<Audience, string> = { admin: '/auth/console/callback', me: '/auth/me/callback' }

/** WeCom's page: a QR code at the desk, silent on the phone. */
export function loginUrl({ config }: Parts, audience: Audience, state: string): string {
  const redirect = { redirectUri: config.publicUrl + CALLBACK[audience], state }
  return audience === 'admin' ? ssoLoginUrl(config.wecom, redirect) : authorizeUrl(config.wecom, redirect)
}

/** Who came back from WeCom, and whether we let this person in. */
export async function judgeLogin(parts: Parts, request: Request, audience: Audience): Promise<LoginOutcome> {
  const { code } = request.query
  // WeCom comes back without a code when the person declined (WECOM.md 2.4).
  if (typeof code !== 'string' || code === '') return { refused: 'cancelled' }
  try {
    return await judgeIdentity(parts, await exchangeCode(parts.wecom, code), audience)
  } catch (error) {
    parts.log.warn({ err: error, audience }, 'a login could not be checked with WeCom')
    return { refused: 'unavailable' }
  }
}

async function judgeIdentity(parts: Parts, identity: LoginIdentity, audience: Audience): Promise<LoginOutcome> {
  const stranger = audience === 'admin' ? 'not_admin' : 'not_employee'
  if (identity.kind === 'expired') return { refused: 'expired' }
  if (identity.kind === 'outsider') return { refused: stranger }
  const person = await admitPerson(parts, identity.userid)
  if (!person) return { refused: stranger, name: identity.userid }
  if (audience === 'admin' && !(await recognizeAdmin(parts.db, person.userid)))
    return { refused: stranger, name: person.name, ask: await adminNames(parts.db) }
  return { person }
}
