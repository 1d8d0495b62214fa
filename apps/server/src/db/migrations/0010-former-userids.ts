import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('formerUserids')
    .addColumn('former', 'text', (c) => c.primaryKey())
    .addColumn('userid', 'text', (c) => c.notNull())
    .addColumn('renamedAt', 'bigint', (c) => c.notNull())
    .execute()
}
