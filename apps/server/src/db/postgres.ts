import {
  CamelCasePlugin,
  HandleEmptyInListsPlugin,
  type Kysely,
  type Logger,
  PostgresDialect,
  replaceWithNoncontingentExpression,
  sql,
} from 'kysely'
import pg from 'pg'
import type { Database } from './schema.ts'
import { OneWriterKysely } from './one-writer.ts'
import { DatabaseUnreachable, isUnreachable } from './unreachable.ts'

/** What our connections are called in PostgreSQL's own lists; those of the job engine begin with it too (jobs/boss.ts). */
const APPLICATION = 'qimeng-moments'

/** Connections of one process; PostgreSQL's own default allows 100 for all of them together (docs/deploy.md). */
const CONNECTIONS = 10

/** How long (ms) a request waits for a connection before it is told to come again. */
const CONNECT_TIMEOUT_MS = 10_000

/**
 * How long (ms) a transaction may stand still before PostgreSQL ends it: a process that is stopped, or whose machine has
 * gone from the network, would else keep the writers' lock and all others waiting. Ours wait for nothing but PostgreSQL,
 * and in alone.ts for one call to WeCom.
 */
const STANDSTILL_MS = 20_000

// Counts and sums come as text otherwise, for they could exceed a double. Ours are times, bytes and rows.
const NUMBERS: readonly number[] = [pg.types.builtins.INT8, pg.types.builtins.NUMERIC]

/**
 * Opens a PostgreSQL database, which many processes may use at once.
 * @throws {DatabaseUnreachable} when it is not there, or lets us not in
 */
export async function openPostgres(url: string, watch?: Logger): Promise<Kysely<Database>> {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: APPLICATION,
    idle_in_transaction_session_timeout: STANDSTILL_MS,
    keepAlive: true,
    types: {
      getTypeParser: ((type: number, format?: 'text' | 'binary') =>
        NUMBERS.includes(type) ? Number : pg.types.getTypeParser(type, format)) as typeof pg.types.getTypeParser,
    },
  })
  // An idle connection that breaks (the database restarts) is replaced by the pool; unheard, it would end the process.
  pool.on('error', () => undefined)
  // The same for one in use that waits for its next statement; that statement fails.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new OneWriterKysely<Database>({
    dialect: new PostgresDialect({ pool }),
    ...(watch ? { log: watch } : {}),
    plugins: [
      new CamelCasePlugin(),
      // `in ()` is nothing on SQLite, and no SQL here.
      new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression }),
    ],
  })
  try {
    await sql`select 1`.execute(db)
    return db
  } catch (error) {
    await db.destroy()
    throw isUnreachable(error) ? new DatabaseUnreachable(url, error) : error
  }
}

/** How many connections of other processes of ours this database has. To be asked before anything else is. */
export async function countOtherConnections(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
      and application_name like ${`${APPLICATION}%`}`.execute(db)
  return rows[0]!.count
}

/** Tells the planner what is in the tables, after many rows have come at once. */
export const analyze = (db: Kysely<Database>) => sql`analyze`.execute(db)
