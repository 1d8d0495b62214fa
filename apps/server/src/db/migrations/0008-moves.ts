import type { Kysely } from 'kysely'

/** That an installation moves, or has moved, from one database to another: on both sides, as neither may send meanwhile. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('moves')
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('direction', 'text', (c) => c.notNull())
    .addColumn('place', 'text', (c) => c.notNull())
    .addColumn('startedAt', 'bigint', (c) => c.notNull())
    .addColumn('finishedAt', 'bigint')
    .addColumn('position', 'text')
    .addPrimaryKeyConstraint('movesPk', ['id', 'direction'])
    .execute()
}
