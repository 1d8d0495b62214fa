import { newId, type State } from './state.ts'

const CODE_LIFETIME_MS = 5 * 60_000

/** Somebody who is no member of the corp, perhaps a customer of one of its members (WECOM.md 2.2). */
export interface Outsider {
  openid: string
  external_userid?: string
}

/** A login code for a person: single use, five minutes (WECOM.md 2.1). Mobile OAuth and desktop login share it. */
export function issueCode(state: State, who: string | Outsider): string {
  const code = newId('', 21)
  const [userid, outsider] = typeof who === 'string' ? [who, null] : ['', JSON.stringify(who)]
  state
    .sql('INSERT INTO codes (code, userid, outsider, expires) VALUES (?, ?, ?, ?)')
    .run(code, userid, outsider, state.now() + CODE_LIFETIME_MS)
  return code
}

/** Consumes the code; undefined when it was used, is too old, or was never issued. */
export function redeemCode(state: State, code: string): { userid: string } | Outsider | undefined {
  const row = state
    .sql<[string, number], { userid: string; outsider: string | null }>(
      'UPDATE codes SET used = 1 WHERE code = ? AND used = 0 AND expires > ? RETURNING userid, outsider',
    )
    .get(code, state.now())
  if (!row) return undefined
  return row.outsider === null ? { userid: row.userid } : (JSON.parse(row.outsider) as Outsider)
}
