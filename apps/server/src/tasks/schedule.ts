import type { Db, Parts } from '../parts.ts'

const keyOf = (pushId: string) => `push:${pushId}`

/** Plans the job that issues a push at its minute. It is a hint: the row decides when the job runs (DESIGN.md 4.8). */
export async function schedulePush(
  { jobs }: Pick<Parts, 'jobs'>,
  trx: Db,
  { id, scheduledAt }: { id: string; scheduledAt: number },
) {
  await jobs.enqueue(trx, 'push.issue', { pushId: id }, { at: scheduledAt, key: keyOf(id) })
}

/** Takes the job back; one that is running already finds out from the row. */
export async function unschedulePush({ jobs }: Pick<Parts, 'jobs'>, trx: Db, pushId: string) {
  await jobs.cancel(trx, keyOf(pushId))
}

/** Plans to take the cards of a deleted task back from the phones. Planned again, it looks again. */
export async function scheduleRecall({ jobs }: Pick<Parts, 'jobs'>, trx: Db, taskId: string) {
  await jobs.enqueue(trx, 'card.recall', { taskId }, { key: `recall:${taskId}` })
}
