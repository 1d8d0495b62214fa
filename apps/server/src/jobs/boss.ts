import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { type AttachableClock, fromKysely, type JobWithMetadata, PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import { z } from 'zod'
import { newId } from '../db/id.ts'
import type { Database } from '../db/schema.ts'
import { createQueues, GIVEN_UP, MONITOR_SECONDS, SCHEMA } from './boss-queues.ts'
import { type Clock, dueAt, type FailedJob, type JobContext, type JobHandlers, type Jobs, RetryLater } from './jobs.ts'
import { JOB_KINDS, type JobData, type JobKind, LANES, RESTARTABLE } from './kinds.ts'

export interface BossJobsParts {
  /** Of the same PostgreSQL database as `url`. */
  db: Kysely<Database>
  url: string
  /** One that can be attached moves PostgreSQL's time as well: tests do. */
  clock: Clock | (Clock & AttachableClock)
  log: Logger
  /** Jobs of each kind that run side by side in this process. */
  lanes?: Partial<Record<JobKind, number>>
  /** How often (ms) due jobs are looked for. */
  pollMs?: number
  /** How long (ms) `stop` lets jobs run that are not restartable before it aborts their signals. */
  graceMs?: number
}

/** Connections of pg-boss's own pool, one of them for listening. */
const CONNECTIONS = 4

/**
 * pg-boss tells workers of new jobs at once, and lets each of them look for those that were planned for later. Ours are 36:
 * the process looks once for all of them, and wakes those that have something to do.
 */
const WORK = { includeMetadata: true, pollingIntervalSeconds: 60, notifyPollingIntervalSeconds: 60 } as const

/** After the grace, time (ms) for aborted jobs to notice and return; both together stay below ten seconds. */
const ABORT_MS = 1_000

type Work = JobWithMetadata<object>

interface Worker {
  id: string
  kind: JobKind
  busy: boolean
}

interface Schedule {
  kind: JobKind
  data: JobData<JobKind>
  everyMs: number
  askedAt: number | undefined
}

/** The job engine for many processes: pg-boss in the same PostgreSQL database. */
export async function openBossJobs(parts: BossJobsParts): Promise<Jobs> {
  const { db, url, clock, log, pollMs = 1_000, graceMs = 8_000 } = parts
  let stopped: Promise<void> | undefined
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'qimeng-moments jobs',
    schema: SCHEMA,
    max: CONNECTIONS,
    // To a clock that is moved by hand every worker would look dead at once.
    ...('attach' in clock ? { clock, supervise: false } : {}),
    // Recurring jobs are sent once per interval by whoever is first; pg-boss's own cron knows whole minutes only.
    schedule: false,
    superviseIntervalSeconds: MONITOR_SECONDS,
    monitorIntervalSeconds: MONITOR_SECONDS,
    useListenNotify: true,
    registerInstance: false,
  })
  boss.on('error', (err) => {
    // The last connections may be cut while they close.
    if (stopped) log.info({ err }, 'The job engine met an error while it stopped')
    else log.error({ err }, 'The job engine met an error')
  })
  boss.on('warning', ({ message, data }) => log.warn({ data }, message))
  await boss.start()
  await createQueues(boss)

  const running = new Map<string, { kind: JobKind; abort: AbortController }>()
  const workers: Worker[] = []
  const schedules: Schedule[] = []
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  /** From then on this process asks for itself: the ids of the hours that come again are taken. */
  let clockSetBack = ''
  let working = false

  const enqueue: Jobs['enqueue'] = async (trx, kind, data, { key, keepBefore, ...when } = {}) => {
    const inside = fromKysely(trx.withoutPlugins())
    if (key !== undefined && keepBefore !== undefined && (await isOnItsWay(kind, key, keepBefore, inside))) return
    // "Now" is the database's: a clock ahead of it would keep the job waiting for the next look.
    const now = clock.now()
    const at = dueAt(when, now)
    // pg-boss goes by the moment of planning, not by the one they are due at.
    const place = { startAfter: at <= now ? 0 : new Date(at), priority: -(when.turn ?? 0) }
    // Of a key one job waits and one runs; a job without a key has one that nobody else has.
    if (key === undefined) await boss.send(kind, data, { ...place, singletonKey: newId(), db: inside })
    else await boss.upsert(kind, data, { ...place, singletonKey: key, db: inside })
  }

  /** Whether a job with this key is running, or waits for a moment before that one. */
  const isOnItsWay = async (kind: JobKind, key: string, before: number, inside: ReturnType<typeof fromKysely>) => {
    const jobs = await boss.findJobs(kind, { key, db: inside })
    return jobs.some(
      ({ state, startAfter }) =>
        state === 'active' || ((state === 'created' || state === 'retry') && startAfter.getTime() < before),
    )
  }

  const isWaiting = async (kind: JobKind, key: string) =>
    (await boss.findJobs(kind, { key, queued: true, limit: 1 })).length > 0

  /** Ends this run and plans the same job anew, which spends no attempt, unless a newer one already waits. */
  const comeAgain = async (kind: JobKind, job: Work, afterMs: number) => {
    await db.transaction().execute(async (trx) => {
      const inside = fromKysely(trx.withoutPlugins())
      const ended = (await boss.complete(kind, job, null, { db: inside })) as { affected: number }
      if (ended.affected === 0) return
      await boss.send(kind, job.data, {
        startAfter: afterMs / 1_000,
        priority: job.priority,
        singletonKey: job.singletonKey ?? newId(),
        db: inside,
      })
    })
  }

  const run = async (kind: JobKind, job: Work, handle: (data: never, job: JobContext) => Promise<void>) => {
    const abort = new AbortController()
    // pg-boss aborts its signal at the end of every job as well; ours only says that the work was lost.
    const lost = () => abort.abort(new Error('The job was taken over'))
    const about = { kind, jobId: job.id, attempt: job.retryCount + 1 }
    running.set(job.id, { kind, abort })
    job.signal.addEventListener('abort', lost)
    try {
      await handle(job.data as never, {
        attempt: about.attempt,
        signal: abort.signal,
        stillMine: async (trx = db) => {
          const touched = await boss.touch(kind, job, { db: fromKysely(trx.withoutPlugins()) })
          return (touched as { affected: number }).affected > 0
        },
      })
    } catch (err) {
      await settleFailure(kind, job, err, abort.signal.aborted)
    } finally {
      job.signal.removeEventListener('abort', lost)
      running.delete(job.id)
    }
  }

  /** @throws the same again where pg-boss shall count it as a failed attempt */
  const settleFailure = async (kind: JobKind, job: Work, err: unknown, interrupted: boolean) => {
    const about = { kind, jobId: job.id, attempt: job.retryCount + 1 }
    const reason = err instanceof Error ? err.message : String(err)
    if (err instanceof RetryLater) {
      log.info({ ...about, afterMs: err.afterMs, reason }, 'A job comes again later')
      return comeAgain(kind, job, err.afterMs)
    }
    if (interrupted) {
      log.info({ ...about, reason }, 'A job was interrupted and comes again')
      return comeAgain(kind, job, 0)
    }
    // A newer job under its key stands for both.
    if (job.singletonKey !== null && (await isWaiting(kind, job.singletonKey))) return
    if (job.retryCount >= job.retryLimit) log.error({ ...about, err }, 'A job failed for good')
    else log.warn({ ...about, err }, 'A job failed and is tried again')
    throw err
  }

  /**
   * `width` workers for one kind. Each looks again as soon as it is done, and whoever finds a job wakes the next one, who may find
   * another.
   */
  const work = async (kind: JobKind, width: number, handle: (data: never, job: JobContext) => Promise<void>) => {
    for (let count = 0; count < width; count += 1) {
      const worker: Worker = { id: '', kind, busy: false }
      worker.id = await boss.work<object, void, typeof WORK>(kind, WORK, async ([job]) => {
        worker.busy = true
        wakeOne(kind)
        try {
          if (job) await run(kind, job, handle)
        } finally {
          worker.busy = false
          boss.notifyWorker(worker.id)
        }
      })
      workers.push(worker)
    }
  }

  const wakeOne = (kind: JobKind) => {
    const free = workers.find((worker) => worker.kind === kind && !worker.busy)
    if (free) boss.notifyWorker(free.id)
  }

  /** Plans the recurring jobs of this moment and looks for jobs whose time has come. One that is under way is waited for. */
  const look = () => (looking ??= planAndWake().finally(() => void (looking = undefined)))

  const planAndWake = async () => {
    await askForRecurring()
    if (!working) return
    try {
      for (const kind of await kindsDue(db)) wakeOne(kind)
    } catch (err) {
      // The database may be gone before the look is over.
      if (working) log.error({ err }, 'Due jobs could not be looked for; the next look tries again')
    }
  }

  /** Every process asks at each interval; the first one within it is heard, for they all ask for the same id. */
  const askForRecurring = async () => {
    const now = clock.now()
    const due = schedules.filter(
      ({ everyMs, askedAt }) => askedAt === undefined || now < askedAt || now >= askedAt + everyMs,
    )
    for (const schedule of due) {
      if (!working) return
      const { kind, data, everyMs, askedAt } = schedule
      schedule.askedAt = now
      try {
        if (askedAt !== undefined && now < askedAt) clockSetBack = randomUUID()
        const id = idOfRun(kind, Math.floor(now / everyMs), clockSetBack)
        await boss.send(kind, data, { id, singletonKey: kind })
      } catch (err) {
        schedule.askedAt = askedAt
        if (working) log.error({ err, kind }, 'A recurring job could not be planned; the next look tries again')
      }
    }
  }

  const untilQuiet = async (ms: number) => {
    const end = performance.now() + ms
    while (running.size > 0 && performance.now() < end) await delay(10)
  }

  const stop = async (planning?: Promise<unknown>) => {
    working = false
    clearInterval(timer)
    const ending = new Error('The process is ending')
    await Promise.all(JOB_KINDS.map((kind) => boss.offWork(kind, { wait: false })))
    const quiet = boss.stop({ graceful: true, close: false, timeout: graceMs + ABORT_MS + 1_000 })
    for (const { kind, abort } of running.values()) if (RESTARTABLE.has(kind)) abort.abort(ending)
    await untilQuiet(graceMs)
    for (const { abort } of running.values()) abort.abort(ending)
    await Promise.all([quiet, planning, looking])
    await boss.stop()
  }

  return {
    enqueue,

    async cancel(trx, kind, key) {
      const inside = fromKysely(trx.withoutPlugins())
      const waiting = await boss.findJobs(kind, { key, queued: true, db: inside })
      if (waiting.length > 0) {
        await boss.deleteJob(
          kind,
          waiting.map(({ id }) => id),
          { db: inside },
        )
      }
    },

    schedule(kind, data, everyMs) {
      schedules.push({ kind, data, everyMs, askedAt: undefined })
    },

    async start(handlers: JobHandlers) {
      if (working) throw new Error('The jobs are already running')
      working = true
      for (const kind of JOB_KINDS) await work(kind, parts.lanes?.[kind] ?? LANES[kind], handlers[kind])
      await look()
      timer = setInterval(() => void look(), pollMs)
    },

    stop: (planning) => (stopped ??= stop(planning)),

    async failed(limit) {
      const jobs = await boss.findJobs<object>(GIVEN_UP, { queued: true, limit: 1_000 })
      return jobs
        .toSorted((a, b) => b.createdOn.getTime() - a.createdOn.getTime())
        .slice(0, limit)
        .map(asFailed)
    },

    async retry(trx, id) {
      // PostgreSQL knows no other ids, and calls them an error.
      if (!z.uuid().safeParse(id).success) return undefined
      const inside = fromKysely(trx.withoutPlugins())
      const [job] = await boss.findJobs<object>(GIVEN_UP, { id, queued: true, db: inside })
      if (!job) return undefined
      await boss.deleteJob(GIVEN_UP, id, { db: inside })
      const given = asFailed(job)
      const { singletonKey } = job
      const waiting = singletonKey && (await boss.findJobs(given.kind, { key: singletonKey, queued: true, db: inside }))
      if (!waiting || waiting.length === 0) {
        await boss.send(given.kind, given.data, { singletonKey: singletonKey ?? newId(), db: inside })
      }
      return given
    },

    async idle() {
      if (!working) throw new Error('idle() waits for running jobs, but they were not started')
      for (;;) {
        // One that is under way may have begun to plan what it has not planned yet.
        await looking
        await askForRecurring()
        const { due, active } = await kindsToWaitFor(db, clock.now())
        if (due.length === 0 && !active && running.size === 0) return
        for (const kind of due) wakeOne(kind)
        await delay(5)
      }
    },
  }
}

const asFailed = (job: Omit<Work, 'signal'>): FailedJob => ({
  id: job.id,
  kind: job.sourceName as JobKind,
  data: job.data as Record<string, unknown>,
  error: (job.sourceOutput as { message?: string } | null)?.message ?? 'The process died at every attempt',
  failedAt: job.createdOn.getTime(),
})

/** The same in every process for the same run of a recurring job: a second insert of it is no error and does nothing. */
function idOfRun(kind: JobKind, run: number, salt: string): string {
  const hash = createHash('sha256').update(`${kind}/${run}/${salt}`).digest('hex')
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
}

const BOSS_JOBS = sql.table(`${SCHEMA}.job`)

/** Kinds of which a job waits whose time has come by PostgreSQL's clock, as pg-boss sees it. */
async function kindsDue(db: Kysely<Database>): Promise<JobKind[]> {
  const { rows } = await sql<{ kind: JobKind }>`
    select kind from unnest(${sql.val(JOB_KINDS)}::text[]) as kinds (kind)
    where exists (
      select from ${BOSS_JOBS}
      where name = kind and state in ('created', 'retry') and start_after <= ${sql.raw(SCHEMA)}.job_now()
    )`.execute(db)
  return rows.map(({ kind }) => kind)
}

/** The same by the clock of a test, and whether any job is running. */
async function kindsToWaitFor(db: Kysely<Database>, now: number): Promise<{ due: JobKind[]; active: boolean }> {
  const { rows } = await sql<{ kind: JobKind; state: string }>`
    select distinct name as kind, state::text as state from ${BOSS_JOBS}
    where name in (${sql.join(JOB_KINDS)})
      and (state = 'active' or (state in ('created', 'retry') and start_after <= ${new Date(now)}))`.execute(db)
  const due = new Set(rows.filter(({ state }) => state !== 'active').map(({ kind }) => kind))
  return { due: [...due], active: rows.some(({ state }) => state === 'active') }
}
