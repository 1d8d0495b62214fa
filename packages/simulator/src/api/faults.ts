import type { State } from '../state/state.ts'

/** What goes wrong with the next calls of a path. A delay may stand alone or come before another kind. */
export interface Fault {
  /** `/cgi-bin/message/send`, or `*` for every call. */
  path: string
  kind: 'errcode' | 'delay' | 'drop-before' | 'drop-after' | 'http-502' | 'broken-json'
  errcode?: number
  errmsg?: string
  delayMs?: number
}

export function addFault(state: State, fault: Fault, times: number): void {
  state.sql('INSERT INTO faults (remaining, rule) VALUES (?, ?)').run(times, JSON.stringify(fault))
}

/** What is still to go wrong: a fault leaves this list when its last call begins. */
export const listFaults = (state: State): (Fault & { remaining: number })[] =>
  state
    .sql<[], { remaining: number; rule: string }>('SELECT remaining, rule FROM faults WHERE remaining > 0 ORDER BY id')
    .all()
    .map(({ remaining, rule }) => ({ ...(JSON.parse(rule) as Fault), remaining }))

export const clearFaults = (state: State): void => {
  state.db.exec('DELETE FROM faults')
  state.downUntil = 0
}

/** The oldest fault set for the path, counted down by one. */
export function takeFault(state: State, path: string): Fault | undefined {
  const rows = state
    .sql<[], { id: number; rule: string }>('SELECT id, rule FROM faults WHERE remaining > 0 ORDER BY id')
    .all()
  for (const { id, rule } of rows) {
    const fault = JSON.parse(rule) as Fault
    if (fault.path !== '*' && fault.path !== path) continue
    state.sql('UPDATE faults SET remaining = remaining - 1 WHERE id = ?').run(id)
    return fault
  }
  return undefined
}

export const isDown = (state: State): boolean => Date.now() < state.downUntil

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
