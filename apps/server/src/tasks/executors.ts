import type { Page, PersonRef, QueryOf, taskApi } from '@qimeng/contract'
import { sql } from 'kysely'
import { keysetPage } from '../db/keyset.ts'
import type { Db } from '../parts.ts'
import { personMatches, personRefs, stranger } from '../people/people.ts'
import { notFound } from '../refusal.ts'
import { findTask } from './store.ts'

/** The planned executors, in the order in which they were chosen. */
export async function listExecutors(
  db: Db,
  taskId: string,
  { keyword, ...page }: QueryOf<typeof taskApi.executors>,
): Promise<Page<PersonRef>> {
  if (!(await findTask(db, taskId))) throw notFound('任务')
  let query = db
    .selectFrom('taskExecutors')
    .leftJoin('employees', 'employees.userid', 'taskExecutors.userid')
    .where('taskExecutors.taskId', '=', taskId)
  if (keyword) query = query.where(personMatches(keyword))
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
