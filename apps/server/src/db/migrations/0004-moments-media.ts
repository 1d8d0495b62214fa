import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('wecomMedia')
    .addColumn('imageId', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('value', 'text', (c) => c.notNull())
    .addColumn('expiresAt', 'bigint')
    .addPrimaryKeyConstraint('wecomMediaPk', ['imageId', 'kind'])
    .execute()
  await db.schema.createIndex('wecomMediaByExpiry').on('wecomMedia').column('expiresAt').execute()
}
