import { setImmediate as eventLoopTurn } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Kysely } from 'kysely'
import type { Database } from '../db/schema.ts'
import { claimDue, deleteDone, markFailed, renewLeases, returnToQueue } from './embedded-store.ts'
import type { Claim, JobRow } from './embedded-store.ts'
import { RetryLater } from './jobs.ts'
import type { Clock, JobContext } from './jobs.ts'
import type { JobKind } from './kinds.ts'
import { MAX_ATTEMPTS, retryDelay } from './retry.ts'

export interface LaneParts {
  db: Kysely<Database>
  clock: Clock
  log: Logger
  leaseMs: number
}

type Leased = JobRow & Claim
interface Running {
  job: Leased
  abort: AbortController
}

/** Runs the jobs of one kind, `width` at a time, oldest first. */
export class Lane {
  readonly #parts: LaneParts
  readonly #kind: JobKind
  readonly #width: number
  readonly #handle: (data: never, job: JobContext) => Promise<void>
  readonly #running = new Map<string, Running>()
  #claiming: Promise<void> | undefined
  #askedAgain = false
  #closed = false

  constructor(parts: LaneParts, kind: JobKind, width: number, handle: (data: never, job: JobContext) => Promise<void>) {
    this.#parts = parts
    this.#kind = kind
    this.#width = width
    this.#handle = handle
  }

  get busy(): boolean {
    return this.#running.size > 0 || this.#claiming !== undefined
  }

  /**
   * Looks for due jobs. When called inside a transaction the look waits until that transaction is over, since SQLite has
   * one connection: this is what makes a job start right after its commit.
   */
  wake(): void {
    if (this.#closed) return
    if (this.#claiming) {
      this.#askedAgain = true
      return
    }
    this.#claiming = this.#claim().finally(() => {
      this.#claiming = undefined
      if (this.#askedAgain) this.wake()
    })
  }

  async #claim(): Promise<void> {
    this.#askedAgain = false
    const limit = this.#width - this.#running.size
    if (limit <= 0) return
    const { db, clock, log, leaseMs } = this.#parts
    // SQLite answers at once, so that job after job would run without a turn of the event loop between them: thousands that
    // are due in the same minute would keep every request, and the answers of WeCom, waiting until the last.
    await eventLoopTurn()
    try {
      const running = [...this.#running.keys()]
      const jobs = await claimDue(db, { kind: this.#kind, limit, now: clock.now(), leaseMs, running })
      for (const job of jobs) void this.#run(job)
    } catch (err) {
      log.error({ err, kind: this.#kind }, 'Jobs could not be claimed; the next poll tries again')
    }
  }

  async #run(job: Leased): Promise<void> {
    const { log } = this.#parts
    const running = { job, abort: new AbortController() }
    this.#running.set(job.id, running)
    try {
      await this.#attempt(running)
    } catch (err) {
      // Only our own bookkeeping can throw here. The lease expires and the job comes again.
      log.error({ err, kind: job.kind, jobId: job.id }, 'The outcome of a job could not be stored')
    } finally {
      this.#running.delete(job.id)
      this.wake()
    }
  }

  async #attempt({ job, abort }: Running): Promise<void> {
    const { db, clock, log, leaseMs } = this.#parts
    const about = { kind: job.kind, jobId: job.id, attempt: job.attempts }
    if (job.attempts > MAX_ATTEMPTS) {
      log.error(about, 'A job whose process died at every attempt is given up')
      return markFailed(db, job, clock.now(), job.lastError ?? 'The process died at every attempt')
    }
    try {
      await this.#handle(JSON.parse(job.data) as never, {
        attempt: job.attempts,
        signal: abort.signal,
        stillMine: async (trx = db) => (await renewLeases(trx, [job], clock.now() + leaseMs)).has(job.id),
      })
      await deleteDone(db, job)
    } catch (err) {
      const lastError = err instanceof Error ? err.message : String(err)
      if (err instanceof RetryLater) {
        log.info({ ...about, afterMs: err.afterMs, reason: err.message }, 'A job comes again later')
        await returnToQueue(db, job, { runAt: clock.now() + err.afterMs, attempts: job.attempts - 1, lastError })
      } else if (abort.signal.aborted) {
        log.info({ ...about, reason: lastError }, 'A job was interrupted and comes again')
        await returnToQueue(db, job, { runAt: clock.now(), attempts: job.attempts - 1, lastError })
      } else if (job.attempts >= MAX_ATTEMPTS) {
        log.error({ ...about, err }, 'A job failed for good')
        await markFailed(db, job, clock.now(), lastError)
      } else {
        const afterMs = retryDelay(job.attempts)
        log.warn({ ...about, err, afterMs }, 'A job failed and is tried again')
        await returnToQueue(db, job, { runAt: clock.now() + afterMs, attempts: job.attempts, lastError })
      }
    }
  }

  /** Prolongs the leases of the running jobs; whoever lost his is told by his signal. */
  async renew(): Promise<void> {
    if (this.#running.size === 0) return
    const { db, clock, log, leaseMs } = this.#parts
    const running = [...this.#running.values()]
    try {
      const ours = await renewLeases(
        db,
        running.map(({ job }) => job),
        clock.now() + leaseMs,
      )
      // A job that ended meanwhile has no row either, but nobody listens to its signal any more.
      for (const { job, abort } of running) if (!ours.has(job.id)) abort.abort(new Error('The lease was lost'))
    } catch (err) {
      log.error({ err, kind: this.#kind }, 'Leases could not be prolonged; the next beat tries again')
    }
  }

  /** Takes no further job. */
  close(): void {
    this.#closed = true
  }

  abortRunning(reason: Error): void {
    for (const { abort } of this.#running.values()) abort.abort(reason)
  }
}
