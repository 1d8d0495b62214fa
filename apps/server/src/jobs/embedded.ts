import { setTimeout as delay } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../db/schema.ts'
import { Lane } from './embedded-lane.ts'
import {
  countDueOrRunning,
  deleteWaiting,
  expireForeignLeases,
  insertJob,
  isOnItsWay,
  isWaiting,
  kindsDue,
  readFailed,
  takeFailed,
} from './embedded-store.ts'
import { type Clock, dueAt, type Jobs } from './jobs.ts'
import { JOB_KINDS, LANES, RESTARTABLE } from './kinds.ts'
import type { JobData, JobKind } from './kinds.ts'

export interface EmbeddedJobsParts {
  db: Kysely<Database>
  clock: Clock
  log: Logger
  /** Jobs of each kind that run side by side. */
  lanes?: Partial<Record<JobKind, number>>
  /** How long (ms) a worker may be silent before another one takes its job over: at most 60 s. */
  leaseMs?: number
  /** How often (ms) due jobs are looked for. Never one long timer: beyond 24.8 days setTimeout fires at once. */
  pollMs?: number
  /** How long (ms) `stop` lets jobs run that are not restartable before it aborts their signals. */
  graceMs?: number
}

/** After the grace, time (ms) for aborted jobs to notice and return; both together stay below ten seconds. */
const ABORT_MS = 1_000

interface Schedule {
  kind: JobKind
  data: JobData<JobKind>
  everyMs: number
  lastAt: number | undefined
}

/** The job engine of the embedded default: one table in the same SQLite file, worked on by loops in this process. */
export function createEmbeddedJobs(parts: EmbeddedJobsParts): Jobs {
  const { db, clock, log, leaseMs = 30_000, pollMs = 500, graceMs = 8_000 } = parts
  const lanes = new Map<JobKind, Lane>()
  const schedules: Schedule[] = []
  const timers: NodeJS.Timeout[] = []
  let running = false
  let looking: Promise<void> | undefined

  const enqueue: Jobs['enqueue'] = async (
    trx,
    kind,
    data,
    { key = null as string | null, keepBefore, ...when } = {},
  ) => {
    const now = clock.now()
    if (key !== null && keepBefore !== undefined && (await isOnItsWay(trx, key, keepBefore))) return
    const runAt = dueAt(when, now)
    await insertJob(trx, { kind, data, key, runAt, now })
    if (runAt <= now) lanes.get(kind)?.wake()
  }

  const poll = () => (looking ??= look().finally(() => void (looking = undefined)))

  const look = async () => {
    if (!running) return
    await Promise.all(schedules.map(enqueueIfTime))
    try {
      // One look for all kinds: most of the time none has anything to do.
      for (const kind of await kindsDue(db, clock.now())) lanes.get(kind)?.wake()
    } catch (err) {
      // The database may be gone before the look is over.
      if (running) log.error({ err }, 'Due jobs could not be looked for; the next poll tries again')
    }
  }

  const enqueueIfTime = async (schedule: Schedule) => {
    const now = clock.now()
    const { kind, data, everyMs, lastAt } = schedule
    // A clock set back must not silence the schedule until it has caught up.
    if (lastAt !== undefined && now >= lastAt && now < lastAt + everyMs) return
    schedule.lastAt = now
    try {
      await enqueue(db, kind, data, { key: kind })
    } catch (err) {
      schedule.lastAt = lastAt
      log.error({ err, kind }, 'A recurring job could not be planned; the next poll tries again')
    }
  }

  const begin = async () => {
    // A full or locked disk at the start delays the takeover; the leases expire by themselves then.
    await expireForeignLeases(db, clock.now()).catch((err: unknown) =>
      log.error({ err }, 'Jobs of the process before this one wait until their leases expire'),
    )
    await poll()
  }

  const isBusy = () => [...lanes.values()].some((lane) => lane.busy)

  const untilQuiet = async (ms: number) => {
    const end = performance.now() + ms
    while (isBusy() && performance.now() < end) await delay(10)
  }

  return {
    enqueue,
    cancel: deleteWaiting,

    schedule(kind, data, everyMs) {
      schedules.push({ kind, data, everyMs, lastAt: undefined })
    },

    async start(handlers) {
      if (running) throw new Error('The jobs are already running')
      running = true
      for (const kind of JOB_KINDS) {
        const width = parts.lanes?.[kind] ?? LANES[kind]
        lanes.set(kind, new Lane({ db, clock, log, leaseMs }, kind, width, handlers[kind]))
      }
      const renew = () => lanes.forEach((lane) => void lane.renew())
      timers.push(
        setInterval(() => void poll(), pollMs),
        setInterval(renew, leaseMs / 3),
      )
      void begin()
    },

    async stop() {
      if (!running) return
      running = false
      const ending = new Error('The process is ending')
      for (const [kind, lane] of lanes) {
        lane.close()
        if (RESTARTABLE.has(kind)) lane.abortRunning(ending)
      }
      await untilQuiet(graceMs)
      for (const lane of lanes.values()) lane.abortRunning(ending)
      await untilQuiet(ABORT_MS)
      for (const timer of timers.splice(0)) clearInterval(timer)
      lanes.clear()
    },

    failed: (limit) => readFailed(db, limit),

    async retry(trx, id) {
      const job = await takeFailed(trx, id)
      if (!job) return undefined
      const { kind, data, key } = job
      if (key === null || !(await isWaiting(trx, key))) {
        await enqueue(trx, kind, data as never, key === null ? {} : { key })
      }
      return job
    },

    async idle() {
      if (!running) throw new Error('idle() waits for running jobs, but they were not started')
      do {
        // One that is under way may have begun at an earlier time.
        await looking
        await poll()
        // Not polled again meanwhile: a lane that is asked while it looks would look again, and never be quiet.
        do await delay(1)
        while (isBusy())
      } while ((await countDueOrRunning(db, JOB_KINDS, clock.now())) > 0)
    },
  }
}
