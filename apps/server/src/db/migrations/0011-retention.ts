import { type Kysely, sql } from 'kysely'

/** What is erased by its age (ops/retention.ts): how it is marked, and indexes so that nothing is read through for it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema.alterTable('proofs').addColumn('erasedAt', 'bigint').execute()
  await schema.alterTable('tasks').addColumn('erasedAt', 'bigint').execute()

  const partial = (name: string, table: string, columns: string[], column: string, is: 'is' | 'is not') =>
    schema.createIndex(name).on(table).columns(columns).where(sql.ref(column), is, null).execute()
  await partial('proofsByAge', 'proofs', ['submittedAt', 'id'], 'erasedAt', 'is')
  await partial('tasksDeleted', 'tasks', ['deletedAt', 'id'], 'deletedAt', 'is not')
  await partial('tasksErased', 'tasks', ['erasedAt', 'id'], 'erasedAt', 'is not')
  // Who refers to a push or a task that goes.
  await partial('pushesByCover', 'pushes', ['linkCoverId'], 'linkCoverId', 'is not')
  await partial('messagesByTask', 'messages', ['taskId'], 'taskId', 'is not')
  await schema.createIndex('exportsByPush').on('exports').column('pushId').execute()
}
