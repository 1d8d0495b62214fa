import type { Page, PersonRef, QueryOf, taskApi } from '@qimeng/contract'
import { sql } from 'kysely'
import { compileOnce } from '../db/compiled.ts'
import { keysetPage } from '../db/keyset.ts'
import type { Db } from '../parts.ts'
import { inDepartment, personMatches, personRefs, stranger } from '../people/people.ts'
import { notFound } from '../refusal.ts'
import { findTask } from './store.ts'

/** The planned executors, in the order in which they were chosen. */
export async function listExecutors(
  db: Db,
  taskId: string,
  { keyword, departmentId, ...page }: QueryOf<typeof taskApi.executors>,
): Promise<Page<PersonRef>> {
  if (!(await findTask(db, taskId))) throw notFound('任务')
  let query = db
    .selectFrom('taskExecutors')
    .leftJoin('employees', 'employees.userid', 'taskExecutors.userid')
    .where('taskExecutors.taskId', '=', taskId)
  if (keyword) query = query.where(personMatches(keyword))
  if (departmentId !== undefined) query = query.where(inDepartment(db, departmentId))
  const { total } = await query.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const found = await keysetPage(
    query.select(['taskExecutors.userid', 'taskExecutors.position']),
    [{ by: sql.ref('taskExecutors.position'), direction: 'asc', of: (row) => row.position }],
    page,
  )
  const people = await personRefs(
    db,
    found.rows.map(({ userid }) => userid),
  )
  return { ...found, total, rows: found.rows.map(({ userid }) => people.get(userid) ?? stranger(userid)) }
}

/** All of them at once, in the same order. */
export async function executorIds(db: Db, taskId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('taskExecutors')
    .select('userid')
    .where('taskId', '=', taskId)
    .orderBy('position')
    .execute()
  return rows.map(({ userid }) => userid)
}

/** Planned executors who had left when a push was issued, and so have no execution of it. */
export async function leftBeforeIssue(db: Db, taskId: string): Promise<string[]> {
  return (await withoutExecution(db, { taskId })).map(({ userid }) => userid)
}

const withoutExecution = compileOnce((db, { taskId }: { taskId: string }) =>
  db
    .selectFrom('taskExecutors')
    .innerJoin('pushes', 'pushes.taskId', 'taskExecutors.taskId')
    .leftJoin('executions', (join) =>
      join.onRef('executions.pushId', '=', 'pushes.id').onRef('executions.userid', '=', 'taskExecutors.userid'),
    )
    .select('taskExecutors.userid')
    .distinct()
    .where('taskExecutors.taskId', '=', taskId)
    .where('pushes.state', '=', 'issued')
    .where('executions.userid', 'is', null),
)
