import type { Kysely } from 'kysely'

/** A copy of an older schema has the table already: it was marked before its migration (db/copy-thread.ts). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('copyMarks')
    .ifNotExists()
    .addColumn('takenAt', 'bigint', (c) => c.notNull())
    .execute()
}
