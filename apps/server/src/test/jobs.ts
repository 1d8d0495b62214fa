import { type Kysely, sql } from 'kysely'
import { pino } from 'pino'
import { expect } from 'vitest'
import { migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import type { Database } from '../db/schema.ts'
import { openBossJobs } from '../jobs/boss.ts'
import { SCHEMA } from '../jobs/boss-queues.ts'
import { createEmbeddedJobs, type EmbeddedJobsParts } from '../jobs/embedded.ts'
import type { JobHandlers, Jobs } from '../jobs/jobs.ts'
import { JOB_KINDS, type JobKind } from '../jobs/kinds.ts'
import { type TestClock, testClock } from './clock.ts'
import { createTestDatabase, ENGINE } from './database.ts'

/** A job that is not done yet. */
export interface PendingJob {
  kind: string
  key: string | null
  data: unknown
  running: boolean
}

export interface JobWorld {
  db: Kysely<Database>
  /** Stands at noon of New Year's Day in Shanghai. */
  clock: TestClock
  /** An engine that only plans. */
  plan(): Promise<Jobs>
  /** An engine at work; a kind without a handler must not come up. */
  start(
    handlers: Partial<JobHandlers>,
    parts?: Partial<Pick<EmbeddedJobsParts, 'graceMs' | 'lanes' | 'leaseMs' | 'pollMs'>>,
  ): Promise<Jobs>
  pending(): Promise<PendingJob[]>
  /** Lines that the engines logged as errors. */
  complaints: string[]
  /** Something a handler can wait for; the end of the test opens what is still shut. */
  door(): { open: () => void; opened: Promise<void> }
  end(): Promise<void>
}

export const NOON = Date.UTC(2026, 0, 1, 4)

/** Job engines of this run's kind over a database of their own. */
export async function startJobWorld(): Promise<JobWorld> {
  const database = await createTestDatabase()
  const db = await openDatabase(database.url)
  await migrate(db)
  const clock = testClock()
  clock.set(NOON)
  const complaints: string[] = []
  const log = pino({ level: 'error' }, { write: (line) => void complaints.push(line) })
  const opened: Jobs[] = []
  const doors: (() => void)[] = []

  const open = async (parts: Partial<Pick<EmbeddedJobsParts, 'graceMs' | 'lanes' | 'leaseMs' | 'pollMs'>> = {}) => {
    const jobs =
      ENGINE === 'postgres'
        ? await openBossJobs({ db, url: database.url, clock, log, ...parts })
        : createEmbeddedJobs({ db, clock, log, pollMs: 20, ...parts })
    opened.push(jobs)
    return jobs
  }
  return {
    db,
    clock,
    complaints,
    plan: () => open(),
    async start(handlers, parts) {
      const unexpected = (kind: string) => async () => expect.unreachable(`nobody asked for ${kind}`)
      const none = Object.fromEntries(JOB_KINDS.map((kind) => [kind, unexpected(kind)]))
      const jobs = await open(parts)
      await jobs.start({ ...(none as unknown as JobHandlers), ...handlers })
      return jobs
    },
    pending: () => pendingJobs(db),
    door() {
      const { promise, resolve } = Promise.withResolvers<void>()
      doors.push(resolve)
      return { open: resolve, opened: promise }
    },
    async end() {
      for (const openDoor of doors) openDoor()
      for (const jobs of opened) await jobs.stop()
      await db.destroy()
      await database.drop()
    },
  }
}

/** Of any engine, in the order in which they were planned. */
export const pendingJobs = (db: Kysely<Database>): Promise<PendingJob[]> =>
  ENGINE === 'postgres' ? pendingInBoss(db) : pendingEmbedded(db)

async function pendingEmbedded(db: Kysely<Database>): Promise<PendingJob[]> {
  const rows = await db.selectFrom('jobs').selectAll().where('failedAt', 'is', null).orderBy('id').execute()
  return rows.map(({ kind, key, data, leaseToken }) => ({
    kind,
    key,
    data: JSON.parse(data) as unknown,
    running: leaseToken !== null,
  }))
}

async function pendingInBoss(db: Kysely<Database>): Promise<PendingJob[]> {
  const { rows } = await sql<{ name: string; singletonKey: string | null; data: unknown; state: string }>`
    select name, singleton_key, data, state::text from ${BOSS_JOBS}
    where name in (${sql.join(JOB_KINDS)}) and state in ('created', 'retry', 'active') order by created_on`.execute(db)
  return rows.map(({ name, singletonKey, data, state }) => ({
    kind: name,
    key: singletonKey,
    data,
    running: state === 'active',
  }))
}

const BOSS_JOBS = sql.table(`${SCHEMA}.job`)

/** Jobs of a kind get lost, as in a database put back from a backup. */
export async function loseJobs(db: Kysely<Database>, kind: JobKind): Promise<void> {
  if (ENGINE === 'postgres') await sql`delete from ${BOSS_JOBS} where name = ${kind}`.execute(db)
  else await db.deleteFrom('jobs').where('kind', '=', kind).execute()
}
