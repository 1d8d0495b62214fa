import { sql, type Kysely, type Selectable } from 'kysely'
import { newId } from '../db/id.ts'
import type { Database } from '../db/schema.ts'
import type { FailedJob } from './jobs.ts'
import type { JobKind } from './kinds.ts'

export type JobRow = Selectable<Database['jobs']>
type Db = Kysely<Database>

/**
 * Begins the token of every lease this process takes. A lease with another beginning belongs to a process that is gone,
 * for the database's lock lets one process in at a time.
 */
const PROCESS = newId()

/** A job and the token of its lease. Every later write names both, so that a stale worker writes nothing. */
export interface Claim {
  id: string
  leaseToken: string
}

/** Adds a job; one waiting under the same key is replaced. The condition repeats that of the unique index. */
export async function insertJob(
  db: Db,
  job: { kind: JobKind; data: unknown; key: string | null; runAt: number; now: number },
): Promise<void> {
  const fresh = { kind: job.kind, data: JSON.stringify(job.data), runAt: job.runAt, createdAt: job.now, attempts: 0 }
  await db
    .insertInto('jobs')
    .values({ id: newId(), key: job.key, ...fresh })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .where('leaseToken', 'is', null)
        .where('failedAt', 'is', null)
        .doUpdateSet({ ...fresh, lastError: null }),
    )
    .execute()
}

/** Whether a job with this key is running, or waits for a moment before that one. */
export async function isOnItsWay(db: Db, key: string, before: number): Promise<boolean> {
  const row = await db
    .selectFrom('jobs')
    .select('id')
    .where('key', '=', key)
    .where('failedAt', 'is', null)
    .where((eb) => eb.or([eb('leaseToken', 'is not', null), eb('runAt', '<', before)]))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function deleteWaiting(db: Db, kind: JobKind, key: string): Promise<void> {
  await db
    .deleteFrom('jobs')
    .where('kind', '=', kind)
    .where('key', '=', key)
    .where('leaseToken', 'is', null)
    .where('failedAt', 'is', null)
    .execute()
}

/**
 * Leases the oldest due jobs of a kind to this worker, one attempt each. Passed over are jobs whose key is held by
 * another leased job, and jobs running in this process whose lease looks expired because the clock jumped.
 */
export async function claimDue(
  db: Db,
  wanted: { kind: JobKind; limit: number; now: number; leaseMs: number; running: readonly string[] },
): Promise<(JobRow & Claim)[]> {
  const leaseToken = `${PROCESS}.${newId()}`
  const rows = await db
    .updateTable('jobs')
    .set((eb) => ({ leaseToken, leaseUntil: wanted.now + wanted.leaseMs, attempts: eb('attempts', '+', 1) }))
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('jobs as due')
        .select('due.id')
        .where('due.kind', '=', wanted.kind)
        .where('due.failedAt', 'is', null)
        .where('due.runAt', '<=', wanted.now)
        .where((or) => or.or([or('due.leaseUntil', 'is', null), or('due.leaseUntil', '<=', wanted.now)]))
        .where('due.id', 'not in', wanted.running)
        .where((or) =>
          or.or([
            or('due.key', 'is', null),
            or('due.leaseToken', 'is not', null), // it holds its key itself
            // Not correlated, so that SQLite looks for the few leased jobs once and not for every due one.
            or('due.key', 'not in', leasedKeys(db)),
          ]),
        )
        .orderBy('due.runAt')
        .orderBy('due.id')
        .limit(wanted.limit),
    )
    .returningAll()
    .execute()
  return rows.map((row) => ({ ...row, leaseToken })).sort((a, b) => a.runAt - b.runAt || (a.id < b.id ? -1 : 1))
}

function leasedKeys(db: Db) {
  return db
    .selectFrom('jobs')
    .select('key')
    .where('leaseToken', 'is not', null)
    .where('failedAt', 'is', null)
    .where('key', 'is not', null) // one NULL in the list would make every NOT IN unknown
}

/** Prolongs leases and returns the ids of those that are still ours. */
export async function renewLeases(db: Db, claims: readonly Claim[], leaseUntil: number): Promise<Set<string>> {
  const rows = await db
    .updateTable('jobs')
    .set({ leaseUntil })
    .where((eb) => eb.or(claims.map((claim) => eb.and({ id: claim.id, leaseToken: claim.leaseToken }))))
    .returning('id')
    .execute()
  return new Set(rows.map((row) => row.id))
}

/** Lets the leases of processes that no longer exist expire. The token stays, since its key may be waiting again. */
export async function expireForeignLeases(db: Db, now: number): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ leaseUntil: now })
    .where('leaseToken', 'is not', null)
    .where('leaseToken', 'not like', `${PROCESS}.%`)
    .where('failedAt', 'is', null)
    .execute()
}

export async function deleteDone(db: Db, claim: Claim): Promise<boolean> {
  const result = await db
    .deleteFrom('jobs')
    .where('id', '=', claim.id)
    .where('leaseToken', '=', claim.leaseToken)
    .executeTakeFirst()
  return result.numDeletedRows > 0n
}

/** Puts a job back for later, unless a newer one already waits under its key: then that one stands for both. */
export async function returnToQueue(
  db: Db,
  claim: Claim & { key: string | null },
  next: { runAt: number; attempts: number; lastError: string | null },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    if (claim.key !== null && (await isWaiting(trx, claim.key))) return void (await deleteDone(trx, claim))
    await trx
      .updateTable('jobs')
      .set({ ...next, leaseToken: null, leaseUntil: null })
      .where('id', '=', claim.id)
      .where('leaseToken', '=', claim.leaseToken)
      .execute()
  })
}

/** Whether a job waits under this key. */
export async function isWaiting(db: Db, key: string): Promise<boolean> {
  const row = await db
    .selectFrom('jobs')
    .select('id')
    .where('key', '=', key)
    .where('leaseToken', 'is', null)
    .where('failedAt', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

/** Keeps a job that will not be tried again, for whoever looks into it. */
export async function markFailed(db: Db, claim: Claim, failedAt: number, lastError: string): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ failedAt, lastError, leaseUntil: null })
    .where('id', '=', claim.id)
    .where('leaseToken', '=', claim.leaseToken)
    .execute()
}

/** Kinds of which a job may be claimed. */
export async function kindsDue(db: Db, now: number): Promise<JobKind[]> {
  const rows = await db
    .selectFrom('jobs')
    .select('kind')
    .distinct()
    .where('failedAt', 'is', null)
    .where('runAt', '<=', now)
    .where((eb) => eb.or([eb('leaseUntil', 'is', null), eb('leaseUntil', '<=', now)]))
    .execute()
  return rows.map(({ kind }) => kind as JobKind)
}

/** Jobs of these kinds that should be running by now, or are. */
export async function countDueOrRunning(db: Db, kinds: readonly JobKind[], now: number): Promise<number> {
  const { count } = await db
    .selectFrom('jobs')
    .select(sql<number>`count(*)`.as('count'))
    .where('kind', 'in', kinds)
    .where('failedAt', 'is', null)
    .where((eb) => eb.or([eb('runAt', '<=', now), eb('leaseToken', 'is not', null)]))
    .executeTakeFirstOrThrow()
  return count
}

export async function readFailed(db: Db, limit: number): Promise<FailedJob[]> {
  const rows = await db
    .selectFrom('jobs')
    .selectAll()
    .where('failedAt', 'is not', null)
    .orderBy('failedAt', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(asFailed)
}

/** Takes one out of those given up. */
export async function takeFailed(db: Db, id: string): Promise<(FailedJob & { key: string | null }) | undefined> {
  const taken = db.deleteFrom('jobs').where('id', '=', id).where('failedAt', 'is not', null).returningAll()
  const row = await taken.executeTakeFirst()
  return row && { ...asFailed(row), key: row.key }
}

const asFailed = ({ id, kind, data, lastError, failedAt }: JobRow): FailedJob => ({
  id,
  kind,
  data: JSON.parse(data) as Record<string, unknown>,
  error: lastError ?? '',
  failedAt: failedAt!,
})

/** Those given up before then. */
export const forgetFailed = (db: Db, before: number) => db.deleteFrom('jobs').where('failedAt', '<', before).execute()
