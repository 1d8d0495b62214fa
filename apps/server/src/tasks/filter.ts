import type { QueryOf, taskApi } from '@qimeng/contract'
import { type Expression, expressionBuilder, type SqlBool } from 'kysely'
import { compileOnceForOne } from '../db/compiled.ts'
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
  const { state, scope, createdFrom, createdTo } = filter
  const counted = isDated(filter)
    ? await countDated(db, { state, scope, createdFrom, createdTo, creators })
    : await sumCounts(db, { state, scope, creators })
  return counted?.total ?? 0
}

const countDated = compileOnceForOne((db, { creators, ...filter }: TaskFilter & { creators: string[] | undefined }) => {
  const query = db
    .selectFrom('tasks')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where(listed(filter))
  return creators ? query.where('createdBy', 'in', creators) : query
})

type StoredFilter = Pick<TaskFilter, 'state' | 'scope'> & { creators: string[] | undefined }

const sumCounts = compileOnceForOne((db, { state, scope, creators }: StoredFilter) => {
  let query = db.selectFrom('taskCounts').select(({ fn }) => fn.sum<number | null>('tasks').as('total'))
  if (state) query = query.where('state', '=', state)
  if (scope) query = query.where('sendScope', '=', scope)
  return creators ? query.where('createdBy', 'in', creators) : query
})

export const isUnfiltered = ({ state, scope, ...days }: TaskFilter) => !state && !scope && !isDated(days)
