import type { QueryOf, taskApi } from '@qimeng/contract'
import { type Expression, expressionBuilder, type SqlBool } from 'kysely'
import type { Database } from '../db/schema.ts'
import type { Db } from '../parts.ts'

export type TaskFilter = Pick<QueryOf<typeof taskApi.list>, 'state' | 'scope' | 'createdFrom' | 'createdTo'>

/** For queries with `tasks`: what the console lists, within these filters. */
export function listed({ state, scope, createdFrom, createdTo }: TaskFilter): Expression<SqlBool> {
  const eb = expressionBuilder<Database, 'tasks'>()
  const conditions = [eb('tasks.deletedAt', 'is', null)]
  if (state) conditions.push(eb('tasks.state', '=', state))
  if (scope) conditions.push(eb('tasks.sendScope', '=', scope))
  if (createdFrom !== undefined) conditions.push(eb('tasks.createdAt', '>=', createdFrom))
  if (createdTo !== undefined) conditions.push(eb('tasks.createdAt', '<=', createdTo))
  return eb.and(conditions)
}

const isDated = ({ createdFrom, createdTo }: TaskFilter) => createdFrom !== undefined || createdTo !== undefined

/** How many tasks the filters leave, of these creators or of all. Without days that is a sum of a few stored counts. */
export async function countListed(db: Db, filter: TaskFilter, creators?: string[]): Promise<number> {
  if (isDated(filter)) {
    let query = db
      .selectFrom('tasks')
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .where(listed(filter))
    if (creators) query = query.where('createdBy', 'in', creators)
    return (await query.executeTakeFirstOrThrow()).total
  }
  let query = db.selectFrom('taskCounts').select(({ fn }) => fn.sum<number | null>('tasks').as('total'))
  if (filter.state) query = query.where('state', '=', filter.state)
  if (filter.scope) query = query.where('sendScope', '=', filter.scope)
  if (creators) query = query.where('createdBy', 'in', creators)
  return (await query.executeTakeFirstOrThrow()).total ?? 0
}

export const isUnfiltered = ({ state, scope, ...days }: TaskFilter) => !state && !scope && !isDated(days)
