import { sql, type Kysely } from 'kysely'
import { chunks } from '../chunks.ts'
import { gramsOf } from '../search.ts'

/** The list of tasks at any size: its states and totals stored, its filters and its search an index range each. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const schema = db.schema

  await schema
    .alterTable('tasks')
    .addColumn('state', 'text', (c) => c.notNull().defaultTo('not_started'))
    .execute()
  // Not `exists` for each task: SQLite would look for its pushes among all that are in the state.
  const withPush = (state: string) => sql`(select task_id from pushes where state = ${state})`
  await sql`
    update tasks set state = case
      when id not in ${withPush('scheduled')} then 'finished'
      when id in ${withPush('issued')} then 'running'
      else 'not_started' end`.execute(db)

  await schema.dropIndex('tasksByCreation').execute()
  const orders = {
    tasksListed: [],
    tasksByState: ['state'],
    tasksByScope: ['sendScope'],
    tasksByCreator: ['createdBy'],
  }
  for (const [name, columns] of Object.entries(orders)) {
    await schema
      .createIndex(name)
      .on('tasks')
      .columns([...columns, 'createdAt', 'id'])
      .where(sql.ref('deletedAt'), 'is', null)
      .execute()
  }

  await schema
    .createTable('taskCounts')
    .addColumn('createdBy', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('sendScope', 'text', (c) => c.notNull())
    .addColumn('tasks', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('taskCountsPk', ['createdBy', 'state', 'sendScope'])
    .execute()
  await sql`
    insert into task_counts (created_by, state, send_scope, tasks)
    select created_by, state, send_scope, count(*) from tasks where deleted_at is null
    group by created_by, state, send_scope`.execute(db)

  await schema
    .createTable('taskGrams')
    .addColumn('gram', 'text', (c) => c.notNull())
    .addColumn('createdAt', 'bigint', (c) => c.notNull())
    .addColumn('taskId', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('taskGramsPk', ['gram', 'createdAt', 'taskId'])
    .execute()
  await schema
    .createTable('taskGramCounts')
    .addColumn('gram', 'text', (c) => c.primaryKey())
    .addColumn('tasks', 'integer', (c) => c.notNull())
    .execute()
  await fillGrams(db.withTables<SearchedTables>())
}

type SearchedTables = {
  tasks: { id: string; searchName: string; createdAt: number; deletedAt: number | null }
  taskGrams: { gram: string; createdAt: number; taskId: string }
}

/** Tasks read at once, so that memory does not grow with their number. */
const AT_ONCE = 1000

async function fillGrams(db: Kysely<SearchedTables>): Promise<void> {
  let after = ''
  for (;;) {
    const tasks = await db
      .selectFrom('tasks')
      .select(['id', 'searchName', 'createdAt'])
      .where('deletedAt', 'is', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(AT_ONCE)
      .execute()
    if (tasks.length === 0) break
    const rows = tasks.flatMap(({ id, searchName, createdAt }) =>
      gramsOf(searchName).map((gram) => ({ gram, createdAt, taskId: id })),
    )
    for (const some of chunks(rows)) await db.insertInto('taskGrams').values(some).execute()
    after = tasks.at(-1)!.id
  }
  await sql`insert into task_gram_counts (gram, tasks) select gram, count(*) from task_grams group by gram`.execute(db)
}
