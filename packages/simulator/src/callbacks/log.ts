import type { State } from '../state/state.ts'

/** One try to bring a callback to the app. */
export interface Attempt {
  /** WeCom's clock, milliseconds. */
  at: number
  /** null when there was no answer. */
  status: number | null
  /** What went wrong, or what the app's reply did; empty when there is nothing to say. */
  note: string
  ms: number
}

export interface Callback {
  id: number
  at: number
  /** `enter_agent`, `change_contact/update_user`, `template_card_event` and so on. */
  event: string
  /** Before encryption. */
  xml: string
  outcome: 'pending' | 'delivered' | 'given up'
  attempts: Attempt[]
}

type Row = Omit<Callback, 'attempts'> & { attempts: string; request: string | null }

const read = ({ request: _request, ...row }: Row): Callback => ({
  ...row,
  attempts: JSON.parse(row.attempts) as Attempt[],
})

/** Callbacks after `since` (an id), oldest first. */
export const listCallbacks = (state: State, since: number, limit: number): Callback[] =>
  state
    .sql<[number, number], Row>('SELECT * FROM callbacks WHERE id > ? ORDER BY id LIMIT ?')
    .all(since, limit)
    .map(read)

export function findCallback(state: State, id: number): Callback | undefined {
  const row = state.sql<[number], Row>('SELECT * FROM callbacks WHERE id = ?').get(id)
  return row && read(row)
}

export const pendingCallbacks = (state: State): number[] =>
  state
    .sql<[], { id: number }>("SELECT id FROM callbacks WHERE outcome = 'pending' ORDER BY id")
    .all()
    .map(({ id }) => id)

/** The bytes last sent for a callback: what an eavesdropper could send again. */
export interface SentRequest {
  url: string
  body: string
}

export function lastRequest(state: State, id: number): SentRequest | undefined {
  const row = state.sql<[number], Row>('SELECT * FROM callbacks WHERE id = ?').get(id)
  return row?.request ? (JSON.parse(row.request) as SentRequest) : undefined
}

export function writeAttempt(
  state: State,
  { id, attempts }: Callback,
  attempt: Attempt,
  outcome: Callback['outcome'],
  request: SentRequest,
): Callback {
  state
    .sql('UPDATE callbacks SET attempts = ?, outcome = ?, request = ? WHERE id = ?')
    .run(JSON.stringify([...attempts, attempt]), outcome, JSON.stringify(request), id)
  return findCallback(state, id)!
}
