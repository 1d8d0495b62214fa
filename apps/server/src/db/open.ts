import type { Kysely, Logger } from 'kysely'
import type { Database } from './schema.ts'
import { openSqlite } from './sqlite.ts'

const SQLITE_SCHEME = 'sqlite:'

/** Whether DATABASE_URL names a PostgreSQL database; otherwise it names an SQLite file. */
export const isPostgres = (url: string) => /^postgres(ql)?:/.test(url)

/**
 * Opens the database named by DATABASE_URL: `sqlite:./data/moments.db` or `postgres://user:password@host/database`.
 * Transactions on both behave as if they ran one after the other, so features need not know which one it is.
 * @param watch is told of every statement and how long it took
 * @throws {DatabaseInUse} when another process already uses the SQLite file
 */
export async function openDatabase(url: string, watch?: Logger): Promise<Kysely<Database>> {
  if (isPostgres(url)) {
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres(url, watch)
  }
  if (url.startsWith(SQLITE_SCHEME)) return openSqlite(url.slice(SQLITE_SCHEME.length), watch)
  throw new Error(`DATABASE_URL must begin with ${SQLITE_SCHEME} or postgres://`)
}
