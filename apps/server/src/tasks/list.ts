import type { Page, QueryOf, taskApi, TaskRow } from '@qimeng/contract'
import { sql } from 'kysely'
import { keysetPage } from '../db/keyset.ts'
import type { Db } from '../parts.ts'
import { personRefs, stranger } from '../people/people.ts'
import { countExecutors } from './counts.ts'
import { countIn, placesOf, rowsFrom } from './search.ts'
import { isEditable } from './state.ts'
import type { PushRecord, TaskRecord } from './store.ts'

type TaskQuery = QueryOf<typeof taskApi.list>

/** A page of tasks. Counts are asked for its rows only, so that they cost the same however many tasks there are. */
export async function listTasks(
  db: Db,
  { sort, cursor, limit, keyword, ...filter }: TaskQuery,
): Promise<Page<TaskRow>> {
  const places = await placesOf(db, filter, keyword)
  const total = await countIn(db, places, filter)
  const direction = sort === 'oldest' ? 'asc' : 'desc'
  const found = await keysetPage(
    rowsFrom(db, places, { filter, direction, cursor, limit }),
    [
      { by: sql.ref('tasks.createdAt'), direction, of: (task) => task.createdAt },
      { by: sql.ref('tasks.id'), direction, of: (task) => task.id },
    ],
    { cursor, limit },
  )
  return { ...found, total, rows: await withCounts(db, found.rows) }
}

async function withCounts(db: Db, tasks: TaskRecord[]): Promise<TaskRow[]> {
  const ids = tasks.map(({ id }) => id)
  if (ids.length === 0) return []
  const pushes = await db
    .selectFrom('pushes')
    .select(['taskId', 'state', 'scheduledAt'])
    .where('taskId', 'in', ids)
    .execute()
  const pushesOf = Map.groupBy(pushes, ({ taskId }) => taskId)
  const executors = await countExecutors(db, ids)
  const executions = await countDone(db, ids)
  const creators = await personRefs(
    db,
    tasks.map(({ createdBy }) => createdBy),
  )
  return tasks.map((task) => ({
    id: task.id,
    name: task.name,
    sendScope: task.sendScope,
    createdAt: task.createdAt,
    createdBy: creators.get(task.createdBy) ?? stranger(task.createdBy),
    executors: executors.get(task.id) ?? 0,
    state: task.state,
    ...pushFacts(pushesOf.get(task.id) ?? []),
    ...(executions.get(task.id) ?? { done: 0, executions: 0 }),
  }))
}

function pushFacts(pushes: Pick<PushRecord, 'state' | 'scheduledAt'>[]): Pick<TaskRow, 'editable' | 'pushes'> {
  const planned = pushes.filter(({ state }) => state === 'scheduled').map(({ scheduledAt }) => scheduledAt)
  return {
    editable: isEditable(pushes),
    pushes: {
      issued: pushes.filter(({ state }) => state === 'issued').length,
      total: pushes.length,
      nextAt: planned.length > 0 ? Math.min(...planned) : null,
    },
  }
}

/** Executions exist for issued pushes only, so this is 完成率 as PRODUCT.md 2 has it. */
async function countDone(db: Db, taskIds: string[]) {
  const rows = await db
    .selectFrom('executions')
    .select(({ fn }) => ['taskId', fn.count<number>('executedAt').as('done'), fn.countAll<number>().as('executions')])
    .where('taskId', 'in', taskIds)
    .groupBy('taskId')
    .execute()
  return new Map(rows.map(({ taskId, done, executions }) => [taskId, { done, executions }]))
}
