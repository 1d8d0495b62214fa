import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('batches').addColumn('recalledAt', 'bigint').execute()
  await db.schema.alterTable('batches').addColumn('recallErrcode', 'integer').execute()
}
