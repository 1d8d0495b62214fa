import type { WithRig } from './rig.ts'

/** What a scenario found. It throws when its pass line is broken in another way than by a card too few or too many. */
export interface Findings {
  runs: number
  kills: number
  lost: number
  doubled: number
  /** The longest time (ms) from a kill, or from the end of a fault, until every card was settled. */
  slowestRecovery: number
}

/** How much is done, and where. */
export interface Extent {
  withRig: WithRig
  kills: number
  /** Of chance: the same seed gives the same faults and moments. */
  seed: number
}

export interface Scenario {
  /** As in QUALITY.md 1. */
  id: string
  name: string
  /** The pass line. */
  passes: string
  run(extent: Extent): Promise<Findings>
}

export const nothingFound = (): Findings => ({ runs: 0, kills: 0, lost: 0, doubled: 0, slowestRecovery: 0 })

/** Adds what one run found. */
export function add(sum: Findings, { slowestRecovery = 0, ...run }: Partial<Findings>): Findings {
  for (const [name, value] of Object.entries({ runs: 1, ...run })) sum[name as keyof typeof run] += value
  sum.slowestRecovery = Math.max(sum.slowestRecovery, slowestRecovery)
  return sum
}

export const sumOf = (found: readonly Partial<Findings>[]): Findings =>
  found.reduce<Findings>((sum, each) => add(sum, each), nothingFound())

/** Breaks the scenario when the condition does not hold. */
export function hold(condition: boolean, promise: string): asserts condition {
  if (!condition) throw new Error(`does not hold: ${promise}`)
}
