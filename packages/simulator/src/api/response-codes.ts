import { newId, type State } from '../state/state.ts'

const LIFETIME = 72 * 60 * 60_000

/** A code for updating a card, one use, 72 hours (WECOM.md 3.4): all its receivers, or the one person who clicked. */
export function issueResponseCode(state: State, msgid: string, userid?: string): string {
  const code = newId('sim-rc-')
  state
    .sql('INSERT INTO response_codes (code, msgid, expires, userid) VALUES (?, ?, ?, ?)')
    .run(code, msgid, state.now() + LIFETIME, userid ?? null)
  return code
}

/** The card a code stands for; undefined when it was used, is too old, or was never issued. */
export const findResponseCode = (state: State, code: unknown): { msgid: string; userid: string | null } | undefined =>
  state
    .sql<[string, number], { msgid: string; userid: string | null }>(
      'SELECT msgid, userid FROM response_codes WHERE code = ? AND used = 0 AND expires > ?',
    )
    .get(typeof code === 'string' ? code : '', state.now())

export const spendResponseCode = (state: State, code: unknown): unknown =>
  state.sql('UPDATE response_codes SET used = 1 WHERE code = ?').run(code)
