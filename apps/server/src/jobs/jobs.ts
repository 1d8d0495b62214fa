import { startOfMinute } from '@qimeng/contract/time'
import type { Kysely } from 'kysely'
import type { Database } from '../db/schema.ts'
import type { JobData, JobKind } from './kinds.ts'

/** The seam between the features and whatever runs their background work. */
export interface Jobs {
  /**
   * Plans a job inside the caller's transaction: it exists when the transaction commits, and never otherwise. A job due
   * now starts within milliseconds of the commit.
   */
  enqueue<K extends JobKind>(trx: Kysely<Database>, kind: K, data: JobData<K>, options?: EnqueueOptions): Promise<void>
  /** Removes the waiting job with this key. One that is already running looks at its own row and finds out there. */
  cancel(trx: Kysely<Database>, kind: JobKind, key: string): Promise<void>
  /**
   * Runs the kind once at the start and then every so many milliseconds. Its key is the name of the kind, so that a run
   * that still waits is not doubled, nor one that somebody asked for under this key.
   */
  schedule<K extends JobKind>(kind: K, data: JobData<K>, everyMs: number): void
  /**
   * Begins to work. Jobs that a killed process left half-done are taken over: at once when this is the only process, and
   * within 30 s when others may still be alive.
   */
  start(handlers: JobHandlers): Promise<void>
  /**
   * Takes no further job and waits for the running ones, at most ten seconds. Jobs can be planned until `planning` has
   * ended: requests that are still being answered do.
   */
  stop(planning?: Promise<unknown>): Promise<void>
  /** Jobs that were given up, the latest first. */
  failed(limit: number): Promise<FailedJob[]>
  /**
   * Tries a job that was given up again, from its first attempt, inside the caller's transaction. A job that waits under its key
   * by now stands for both. Undefined when it is not among those given up (any more).
   */
  retry(trx: Kysely<Database>, id: string): Promise<FailedJob | undefined>
  /** For tests: resolves when nothing is due or running. */
  idle(): Promise<void>
}

export interface EnqueueOptions {
  /** Epoch milliseconds; now when absent. */
  at?: number
  /**
   * Of jobs planned in the same minute those with a lower number come first, whoever planned his first: who plans a hundred
   * takes turns with others. Also the delay (ms) behind the start of the minute, so it stays small.
   */
  turn?: number
  /**
   * At most one job waits per key, the newest replaces the one before. A job with this key that is already running goes
   * on, and the new one runs after it.
   */
  key?: string
  /**
   * A job that is running, or waits for a moment before this (epoch ms), stays as it is, with its attempts and its pause: for
   * whoever only sees to it that there is one. A job that fails again and again is given up then, and somebody hears of it.
   */
  keepBefore?: number
}

/** When a job may run (epoch ms): with a turn, its place in the minute. */
export const dueAt = ({ at, turn }: Pick<EnqueueOptions, 'at' | 'turn'>, now: number): number =>
  turn === undefined ? (at ?? now) : startOfMinute(at ?? now) + turn

/** A job that will not be tried again: it needs a person. */
export interface FailedJob {
  id: string
  kind: JobKind
  /** What it was about: ids. */
  data: Record<string, unknown>
  /** The message of its last error. */
  error: string
  /** Epoch milliseconds. */
  failedAt: number
}

export interface JobContext {
  /** 1 at the first run. */
  attempt: number
  /** Aborted when the job was taken over by another worker, or when the process is about to end. */
  signal: AbortSignal
  /** The fence: false once another worker has taken over; then nothing may be written. Inside a transaction pass it. */
  stillMine(trx?: Kysely<Database>): Promise<boolean>
}

/** Complete, or no build. */
export type JobHandlers = { [K in JobKind]: (data: JobData<K>, job: JobContext) => Promise<void> }

/** Thrown by a handler that could not work yet (a quota, WeCom down): comes again after `afterMs` and spends no attempt. */
export class RetryLater extends Error {
  readonly afterMs: number

  constructor(afterMs: number, reason: string) {
    super(reason)
    this.name = 'RetryLater'
    this.afterMs = afterMs
  }
}

export interface Clock {
  now(): number
}
