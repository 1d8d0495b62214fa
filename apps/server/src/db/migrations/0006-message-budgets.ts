import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  // Batches from before count as nobody in the budget of that one day.
  await schema
    .alterTable('batches')
    .addColumn('people', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await schema
    .alterTable('batches')
    .addColumn('part', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  // Covers what the app's budget asks before each call, without touching the rows and their long bodies.
  await schema.dropIndex('batchesByAttempt').execute()
  await schema
    .createIndex('batchesByAttempt')
    .on('batches')
    .columns(['attemptedAt', 'state', 'errcode', 'people'])
    .execute()

  await schema
    .createTable('recentMessages')
    .addColumn('userid', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('batchId', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('recentMessagesPk', ['userid', 'at', 'batchId'])
    .execute()

  // Every look for due jobs asks for the few that are leased, however many wait.
  await schema.createIndex('jobsLeased').on('jobs').column('key').where(sql.ref('leaseToken'), 'is not', null).execute()
}
