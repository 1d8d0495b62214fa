import type { Page, QueryOf, taskApi, TaskRow } from '@qimeng/contract'
import { sql } from 'kysely'
import { compileOnce } from '../db/compiled.ts'
import { type KeysetColumn, keysetRows, pageOf, type Position, readCursor } from '../db/keyset.ts'
import type { Db } from '../parts.ts'
import { personRefs, stranger } from '../people/people.ts'
import { countExecutors } from './counts.ts'
import { listed, type TaskFilter } from './filter.ts'
import { countIn, placesOf, rowsFrom } from './search.ts'
import { isEditable } from './state.ts'
import type { PushRecord, TaskRecord } from './store.ts'

type TaskQuery = QueryOf<typeof taskApi.list>

/** So many of what a keyword finds are counted: who gets as many types another letter, or a month. */
const MOST_COUNTED = 1_000

/** A page of tasks. Counts are asked for its rows only, so that they cost the same however many tasks there are. */
export async function listTasks(
  db: Db,
  { sort, cursor, limit, keyword, ...filter }: TaskQuery,
  mostCounted = MOST_COUNTED,
): Promise<Page<TaskRow>> {
  const places = await placesOf(db, filter, keyword)
  const total = await countIn(db, places, filter, mostCounted)
  const direction = sort === 'oldest' ? 'asc' : 'desc'
  const columns = ORDER[direction]
  const position = readCursor(cursor, columns.length)
  const found = places
    ? await keysetRows(rowsFrom(db, places, { filter, direction, position, limit }), columns, {
        position,
        limit,
      }).execute()
    : await allRows(db, { ...filter, beyond: position?.values }, { direction, limit, heading: position?.heading })
  const page = pageOf(found, columns, { position, limit })
  return { ...page, ...total, rows: await withCounts(db, page.rows) }
}

type Direction = 'asc' | 'desc'

const inOrder = (direction: Direction): KeysetColumn<TaskRecord>[] => [
  { by: sql.ref('tasks.createdAt'), direction, of: (task) => task.createdAt },
  { by: sql.ref('tasks.id'), direction, of: (task) => task.id },
]
const ORDER = { asc: inOrder('asc'), desc: inOrder('desc') }

interface ListShape extends Record<string, string | number | undefined> {
  direction: Direction
  limit: number
  heading: Position['heading'] | undefined
}

/** Without a keyword: one range of one index. */
const allRows = compileOnce(
  (
    db,
    { beyond, ...filter }: TaskFilter & { beyond: Position['values'] | undefined },
    { direction, limit, heading }: ListShape,
  ) =>
    keysetRows(db.selectFrom('tasks').selectAll('tasks').where(listed(filter)), ORDER[direction], {
      position: heading && beyond && { heading, values: beyond },
      limit,
    }),
)

async function withCounts(db: Db, tasks: TaskRecord[]): Promise<TaskRow[]> {
  const ids = tasks.map(({ id }) => id)
  if (ids.length === 0) return []
  const pushes = await statesOfPushes(db, { ids })
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

const statesOfPushes = compileOnce((db, { ids }: { ids: string[] }) =>
  db.selectFrom('pushes').select(['taskId', 'state', 'scheduledAt']).where('taskId', 'in', ids),
)

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
  const rows = await doneByTask(db, { taskIds })
  return new Map(rows.map(({ taskId, done, executions }) => [taskId, { done, executions }]))
}

const doneByTask = compileOnce((db, { taskIds }: { taskIds: string[] }) =>
  db
    .selectFrom('executions')
    .select(({ fn }) => ['taskId', fn.count<number>('executedAt').as('done'), fn.countAll<number>().as('executions')])
    .where('taskId', 'in', taskIds)
    .groupBy('taskId'),
)
