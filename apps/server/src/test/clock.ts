import type { Clock } from '../jobs/jobs.ts'

export interface TestClock extends Clock {
  /** Stands still at this moment (epoch ms) from now on. */
  set(ms: number): void
  /** Stands still this much later than it shows now. */
  advance(ms: number): void
}

/** The real time until a test sets it. */
export function testClock(): TestClock {
  let standing: number | undefined
  const now = () => standing ?? Date.now()
  return {
    now,
    set: (ms) => void (standing = ms),
    advance: (ms) => void (standing = now() + ms),
  }
}
