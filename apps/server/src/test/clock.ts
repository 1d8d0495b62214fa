import { startOfMinute } from '@qimeng/contract/time'
import { type AttachableClock, systemClock, TestClock as BossClock } from 'pg-boss'
import type { Clock } from '../jobs/jobs.ts'

export interface TestClock extends Clock {
  /** Stands still at this moment (epoch ms) from now on. */
  set(ms: number): void
  /** Stands still this much later than it shows now. */
  advance(ms: number): void
  /** Stands still at the start of this minute: what is planned for it is not late by the time it is asked for. */
  hold(): void
}

/** How often (ms) PostgreSQL is told what the time is, and how far (ms) it may be behind while the clock is running. */
const TELL_EVERY = 10
const BEHIND = 200

/** The real time until a test sets it; PostgreSQL's job engine goes by it too. */
export function testClock(): TestClock & AttachableClock {
  let standing: number | undefined
  const now = () => standing ?? Date.now()
  return {
    ...attachable(now, () => standing !== undefined),
    set: (ms) => void (standing = ms),
    advance: (ms) => void (standing = now() + ms),
    hold: () => void (standing = startOfMinute(now())),
  }
}

/** A clock by which PostgreSQL's job engine goes too. */
export function attachable(now: () => number, stands: () => boolean = () => false): Clock & AttachableClock {
  return {
    ...systemClock,
    now,
    async attach({ db, schema }) {
      const told = new BossClock(now())
      const attached = await told.attach({ db, schema })
      let telling: Promise<void> | undefined
      const tell = () => {
        const time = now()
        if (telling || (stands() ? time === told.now() : Math.abs(time - told.now()) < BEHIND)) return
        // The database may be gone before the timer is.
        telling = told.setTime(time).then(
          () => void (telling = undefined),
          () => undefined,
        )
      }
      const timer = setInterval(tell, TELL_EVERY)
      return {
        async [Symbol.asyncDispose]() {
          clearInterval(timer)
          await telling
          await attached[Symbol.asyncDispose]()
        },
      }
    },
  }
}
