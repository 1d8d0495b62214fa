import { type Kysely, sql } from 'kysely'
import { isOnPostgres } from '../engine.ts'

const REFUSAL = 'the audit log is append-only'

/** The audit log can be written to and read; the counts of how often somebody did something are shared by all processes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const onPostgres = isOnPostgres(db)
  await (onPostgres ? refuseOnPostgres(db) : refuseOnSqlite(db))
  // As rate-limiter-flexible expects it, in this order. In use on PostgreSQL only.
  await db.schema
    .createTable('rateLimits')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('points', 'integer', (c) => c.notNull())
    .addColumn('expire', 'bigint')
    .execute()
  // Counts are not worth waiting for the disk; after a crash they begin anew.
  if (onPostgres) await sql`alter table rate_limits set unlogged`.execute(db)
}

async function refuseOnSqlite(db: Kysely<unknown>) {
  for (const change of ['update', 'delete']) {
    await sql`create trigger ${sql.ref(`audit_log_no_${change}`)} before ${sql.raw(change)} on audit_log
      begin select raise(abort, ${sql.lit(REFUSAL)}); end`.execute(db)
  }
}

async function refuseOnPostgres(db: Kysely<unknown>) {
  await sql`create function refuse_audit_change() returns trigger language plpgsql as
    ${sql.lit(`begin raise exception '${REFUSAL}'; end`)}`.execute(db)
  await sql`create trigger audit_log_append_only before update or delete or truncate on audit_log
    for each statement execute function refuse_audit_change()`.execute(db)
}
