import type { PushView } from '@qimeng/contract'
import { compileOnce } from '../db/compiled.ts'
import type { CardState } from '../db/schema.ts'
import type { Db } from '../parts.ts'

export type ExecutionCounts = Pick<PushView, 'pending' | 'done' | 'cards'>

const CARD_COUNT: Record<CardState, keyof PushView['cards']> = {
  pending: 'sending',
  delivered: 'delivered',
  failed: 'failed',
  unknown: 'unknown',
}

/** The counts of each issued push of a task, by push id. */
export async function countExecutions(db: Db, taskId: string): Promise<Map<string, ExecutionCounts>> {
  const rows = await executionsByState(db, { taskId })
  const counts = new Map<string, ExecutionCounts>()
  for (const { pushId, cardState, all, done } of rows) {
    const ofPush = counts.get(pushId) ?? nothingYet()
    ofPush.done += done
    ofPush.pending += all - done
    ofPush.cards[CARD_COUNT[cardState]] += all
    counts.set(pushId, ofPush)
  }
  return counts
}

const executionsByState = compileOnce((db, { taskId }: { taskId: string }) =>
  db
    .selectFrom('executions')
    .select(({ fn }) => [
      'pushId',
      'cardState',
      fn.countAll<number>().as('all'),
      fn.count<number>('executedAt').as('done'),
    ])
    .where('taskId', '=', taskId)
    .groupBy(['pushId', 'cardState']),
)

const nothingYet = (): ExecutionCounts => ({
  pending: 0,
  done: 0,
  cards: { sending: 0, delivered: 0, failed: 0, unknown: 0 },
})

/** How many executors each of these tasks has. */
export async function countExecutors(db: Db, taskIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await executorsByTask(db, { taskIds })
  return new Map(rows.map(({ taskId, count }) => [taskId, count]))
}

const executorsByTask = compileOnce((db, { taskIds }: { taskIds: readonly string[] }) =>
  db
    .selectFrom('taskExecutors')
    .select(({ fn }) => ['taskId', fn.countAll<number>().as('count')])
    .where('taskId', 'in', taskIds)
    .groupBy('taskId'),
)
