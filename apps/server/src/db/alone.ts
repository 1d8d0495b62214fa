import { type Kysely, sql } from 'kysely'
import { OneWriterKysely } from './one-writer.ts'
import type { Database } from './schema.ts'

/** PostgreSQL's "canceling statement due to lock timeout". */
const LOCK_TIMEOUT = '55P03'

/**
 * Does the work while no other process of this database does work of the same name; others wait, and after `patience` (ms)
 * go on all the same. On SQLite there is no other process. The lock ends with this process, however it ends. The work may
 * take its time and use the database as usual: what it writes is no part of the lock's own transaction.
 */
export async function alone<T>(
  db: Kysely<Database>,
  name: string,
  patience: number,
  work: () => Promise<T>,
): Promise<T> {
  if (!(db instanceof OneWriterKysely)) return work()
  // Begun by hand, this transaction does not take its turn as a writer (one-writer.ts), nor keep writers waiting.
  const lock = await db.startTransaction().execute()
  try {
    await sql`set local lock_timeout = ${sql.lit(patience)}`.execute(lock)
    await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(lock).catch(unlessTimedOut)
    return await work()
  } finally {
    await lock.rollback().execute()
  }
}

function unlessTimedOut(error: unknown): void {
  if ((error as { code?: string }).code !== LOCK_TIMEOUT) throw error
}
