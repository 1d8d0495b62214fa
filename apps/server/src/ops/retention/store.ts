import type { Db } from '../../parts.ts'
import type { TaskRecord } from '../../tasks/store.ts'

/** How far the look has come. */
export type Place = Pick<TaskRecord, 'id' | 'createdAt' | 'deletedAt'>

/** Deleted tasks whose rows are still there. Those that were looked at before are passed over. */
export function deletedBefore(trx: Db, before: number, place: Place | undefined, limit: number): Promise<TaskRecord[]> {
  let query = trx
    .selectFrom('tasks')
    .selectAll()
    .where('deletedAt', '<', before)
    .where('erasedAt', 'is', null)
    .orderBy('deletedAt')
    .orderBy('id')
    .limit(limit)
  if (place)
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('deletedAt', 'id'), '>', tuple(place.deletedAt, place.id)),
    )
  return query.execute()
}

/** Finished tasks that were created before then: only these may have ended before it. */
export function finishedTasks(trx: Db, before: number, place: Place | undefined, limit: number): Promise<TaskRecord[]> {
  let query = trx
    .selectFrom('tasks')
    .selectAll()
    .where('deletedAt', 'is', null)
    .where('state', '=', 'finished')
    .where('createdAt', '<', before)
    .orderBy('createdAt')
    .orderBy('id')
    .limit(limit)
  if (place)
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('createdAt', 'id'), '>', tuple(place.createdAt, place.id)),
    )
  return query.execute()
}

/**
 * Which of these have been at rest since then: no push of theirs was planned or issued later, no card, reminder or proof has
 * come, no call to WeCom is still open, and no export is being built or fetched.
 */
export async function atRest(trx: Db, taskIds: string[], before: number): Promise<Set<string>> {
  if (taskIds.length === 0) return new Set()
  const busy = [
    trx
      .selectFrom('pushes')
      .select('taskId')
      .where('taskId', 'in', taskIds)
      .where((push) =>
        push.or([
          push('state', '=', 'scheduled'),
          // An unsent one of a deleted task was never to come.
          push.and([push('state', '!=', 'cancelled'), push('scheduledAt', '>=', before)]),
          push('issuedAt', '>=', before),
        ]),
      ),
    trx
      .selectFrom('pushes')
      .innerJoin('batches', 'batches.pushId', 'pushes.id')
      .select('pushes.taskId')
      .where('pushes.taskId', 'in', taskIds)
      .where((batch) =>
        batch.or([
          batch('batches.state', 'in', ['ready', 'sending', 'blocked']),
          batch('batches.createdAt', '>=', before),
        ]),
      ),
    trx
      .selectFrom('pushes')
      .innerJoin('proofs', 'proofs.pushId', 'pushes.id')
      .select('pushes.taskId')
      .where('pushes.taskId', 'in', taskIds)
      .where('proofs.submittedAt', '>=', before),
    trx
      .selectFrom('pushes')
      .innerJoin('exports', 'exports.pushId', 'pushes.id')
      .select('pushes.taskId')
      .where('pushes.taskId', 'in', taskIds)
      .where((file) =>
        file.or([file('exports.state', 'in', ['queued', 'running']), file('exports.bytes', 'is not', null)]),
      ),
  ]
  const quiet = new Set(taskIds)
  for (const query of busy) for (const { taskId } of await query.distinct().execute()) quiet.delete(taskId)
  return quiet
}
