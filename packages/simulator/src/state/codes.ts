import { newId, type State } from './state.ts'

const CODE_LIFETIME_MS = 5 * 60_000

/** A login code for a person: single use, five minutes (WECOM.md 2.1). Mobile OAuth and desktop login share it. */
export function issueCode(state: State, userid: string): string {
  const code = newId('', 21)
  state
    .sql('INSERT INTO codes (code, userid, expires) VALUES (?, ?, ?)')
    .run(code, userid, state.now() + CODE_LIFETIME_MS)
  return code
}

/** Consumes the code; undefined when it was used, is too old, or was never issued. */
export function redeemCode(state: State, code: string): string | undefined {
  return state
    .sql<[string, number], { userid: string }>(
      'UPDATE codes SET used = 1 WHERE code = ? AND used = 0 AND expires > ? RETURNING userid',
    )
    .get(code, state.now())?.userid
}
