import { newId, readSettings, type State } from '../state/state.ts'
import type { Call, Endpoint } from './call.ts'
import { WecomError } from './errors.ts'
import { countWrongSecret, refuseBanned } from './limits.ts'

/** Seconds a token or ticket lives (WECOM.md 1.1, 5.2). */
export const LIFETIME = 7200

/** `GET /cgi-bin/gettoken` (WECOM.md 1.1). */
export const gettoken: Endpoint = {
  open: true,
  handle(state, { query, ip }) {
    refuseBanned(state, ip)
    if (!query.corpid) throw new WecomError(41002, 'corpid missing')
    if (!query.corpsecret) throw new WecomError(41004, 'corpsecret missing')
    if (query.corpid !== state.corp.corpId) throw new WecomError(40013, 'invalid corpid')
    if (query.corpsecret !== state.corp.secret) {
      countWrongSecret(state, ip)
      throw new WecomError(40001, 'invalid credential')
    }
    return issueToken(state)
  },
}

function issueToken(state: State): { access_token: string; expires_in: number } {
  const now = state.now()
  if (readSettings(state).tokenMode === 'same') {
    const valid = state
      .sql<[number], { token: string; expires: number }>('SELECT * FROM tokens WHERE revoked = 0 AND expires > ?')
      .get(now)
    if (valid) return { access_token: valid.token, expires_in: Math.ceil((valid.expires - now) / 1000) }
  } else {
    revokeTokens(state)
  }
  const token = newId('sim-token-', 48)
  state.sql('INSERT INTO tokens (token, expires) VALUES (?, ?)').run(token, now + LIFETIME * 1000)
  return { access_token: token, expires_in: LIFETIME }
}

/** WeCom may revoke early: every token given out so far answers 40014 from now on. */
export const revokeTokens = (state: State): number =>
  state.sql('UPDATE tokens SET revoked = 1 WHERE revoked = 0').run().changes

export function checkToken(state: State, { query }: Call): void {
  if (!query.access_token) throw new WecomError(41001, 'access_token missing')
  const token = state
    .sql<[string], { expires: number; revoked: number }>('SELECT * FROM tokens WHERE token = ?')
    .get(query.access_token)
  if (!token || token.revoked) throw new WecomError(40014, 'invalid access_token')
  if (token.expires <= state.now()) throw new WecomError(42001, 'access_token expired')
}

/** 企业可信IP. gettoken itself is not asked for it, as posts of those who were refused say (WECOM.md 1.2). */
export function checkAddress(state: State, { ip }: Call): void {
  const { trustedIps } = readSettings(state)
  if (trustedIps && !trustedIps.includes(ip)) throw new WecomError(60020, 'not allow to access from your ip')
}
