import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('callbackEvents')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('userid', 'text', (c) => c.notNull())
    .addColumn('receivedAt', 'bigint', (c) => c.notNull())
    .addColumn('doneAt', 'bigint')
    .addColumn('answer', 'text')
    .addColumn('errcode', 'integer')
    .execute()
  await db.schema
    .createIndex('callbackEventsByPerson')
    .on('callbackEvents')
    .columns(['userid', 'kind', 'receivedAt'])
    .execute()
  await db.schema.createIndex('callbackEventsByWork').on('callbackEvents').columns(['kind', 'doneAt']).execute()
  await db.schema.createIndex('callbackEventsByTime').on('callbackEvents').column('receivedAt').execute()

  await db.schema
    .createTable('cardCodes')
    .addColumn('code', 'text', (c) => c.primaryKey())
    .addColumn('batchId', 'text', (c) => c.notNull())
    .addColumn('userid', 'text')
    .addColumn('expiresAt', 'bigint', (c) => c.notNull())
    .addColumn('spentAt', 'bigint')
    .addColumn('errcode', 'integer')
    .execute()
  await db.schema.createIndex('cardCodesByBatch').on('cardCodes').columns(['batchId', 'spentAt']).execute()
  await db.schema.createIndex('cardCodesByEnd').on('cardCodes').column('expiresAt').execute()
}
