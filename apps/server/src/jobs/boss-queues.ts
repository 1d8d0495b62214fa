import { type Kysely, sql } from 'kysely'
import type { PgBoss, Queue } from 'pg-boss'
import type { Database } from '../db/schema.ts'
import { JOB_KINDS } from './kinds.ts'
import { MAX_ATTEMPTS } from './retry.ts'

/** pg-boss keeps its tables in a schema of their own beside ours. */
export const SCHEMA = 'jobs'

/** Where jobs go that will not be tried again. */
export const GIVEN_UP = 'given-up'

/** How often (s) silent workers are looked for. */
export const MONITOR_SECONDS = 5

/** A worker that was silent for so long (s) has died: its job is back within this and the time of one look. */
const HEARTBEAT_SECONDS = 15

const DAY_SECONDS = 86_400

/** As the embedded engine: the delay doubles from one second to five minutes. */
const QUEUE = {
  policy: 'stately',
  retryLimit: MAX_ATTEMPTS - 1,
  retryBackoff: true,
  retryDelay: 1,
  retryDelayMax: 300,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  // The heartbeat finds dead workers; this ends only what hangs.
  expireInSeconds: DAY_SECONDS - 1,
  retentionSeconds: 30 * DAY_SECONDS,
  // Longer than the longest interval: the id of a recurring run stays taken until the next one.
  deleteAfterSeconds: 7_200,
  deadLetter: GIVEN_UP,
  notify: true,
} satisfies Omit<Queue, 'name'>

/** Creates what is missing; of processes that start together one wins. */
export async function createQueues(boss: PgBoss): Promise<void> {
  await boss.createQueue(GIVEN_UP, { retentionSeconds: 90 * DAY_SECONDS })
  for (const kind of JOB_KINDS) await boss.createQueue(kind, QUEUE)
}

/** Jobs that wait for their time or for a worker. */
export async function countWaiting(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${sql.table(`${SCHEMA}.job`)}
    where name in (${sql.join(JOB_KINDS)}) and state in ('created', 'retry')`.execute(db)
  return rows[0]!.count
}
