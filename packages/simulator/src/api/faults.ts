import type { Chaos, Fault } from '../state/faults.ts'
import { seededRandom } from '../state/random.ts'
import type { State } from '../state/state.ts'

export function startChaos(state: State, { seed, ...chaos }: Omit<Chaos, 'random'> & { seed: number }): void {
  state.chaos = { ...chaos, random: seededRandom(seed) }
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
  state.chaos = undefined
  state.events.emit('well')
}

/** The oldest fault set for the path, counted down by one; else what chance brings. */
export function takeFault(state: State, path: string): Fault | undefined {
  const rows = state
    .sql<[], { id: number; rule: string }>('SELECT id, rule FROM faults WHERE remaining > 0 ORDER BY id')
    .all()
  for (const { id, rule } of rows) {
    const fault = JSON.parse(rule) as Fault
    if (!concerns(fault, path)) continue
    state.sql('UPDATE faults SET remaining = remaining - 1 WHERE id = ?').run(id)
    return fault
  }
  return draw(state.chaos, path)
}

function draw(chaos: Chaos | undefined, path: string): Fault | undefined {
  if (!chaos || !concerns(chaos, path) || chaos.random() >= chaos.share) return undefined
  const kind = chaos.kinds[Math.floor(chaos.random() * chaos.kinds.length)]!
  return { path, kind, ...(kind === 'delay' ? { delayMs: Math.floor(chaos.random() * 500) } : {}) }
}

const concerns = (rule: { path: string }, path: string): boolean => rule.path === '*' || rule.path === path

export const isDown = (state: State): boolean => Date.now() < state.downUntil

/** A delay ends as well when all is well again. */
export function wait({ events }: State, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      events.off('well', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    events.on('well', end)
  })
}
