import type { State } from '../state/state.ts'
import type { Call } from './call.ts'

const KEPT = 50_000
const BODY_LIMIT = 64 * 1024

export interface LoggedCall {
  id: number
  /** WeCom's clock, milliseconds. */
  at: number
  method: string
  path: string
  query: Record<string, string>
  /** The request body as text; of an upload only its size. */
  body: string
  /** null when no answer was given. */
  errcode: number | null
  /** `duplicate`, `delivered 3 of 4`, the fault that was played, or empty. */
  outcome: string
}

export function record(state: State, call: Call, errcode: number | null, outcome: string): void {
  const upload = call.contentType.startsWith('multipart/')
  const body = upload ? `(${call.raw.length} bytes)` : call.raw.subarray(0, BODY_LIMIT).toString('utf8')
  const { lastInsertRowid } = state
    .sql('INSERT INTO calls (at, method, path, query, body, errcode, outcome) VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(state.now(), call.method, call.path, JSON.stringify(call.query), body, errcode, outcome)
  state.sql('DELETE FROM calls WHERE id <= ?').run(Number(lastInsertRowid) - KEPT)
}

/** Logged calls after `since` (an id), oldest first. */
export function listCalls(state: State, options: { path?: string; since: number; limit: number }): LoggedCall[] {
  const rows = state
    .sql<[number, string | null, string | null, number], Omit<LoggedCall, 'query'> & { query: string }>(
      'SELECT * FROM calls WHERE id > ? AND (? IS NULL OR path = ?) ORDER BY id LIMIT ?',
    )
    .all(options.since, options.path ?? null, options.path ?? null, options.limit)
  return rows.map((row) => ({ ...row, query: JSON.parse(row.query) as Record<string, string> }))
}
