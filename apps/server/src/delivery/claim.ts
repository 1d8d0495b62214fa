import { newId } from '../db/id.ts'
import { type JobContext, RetryLater } from '../jobs/jobs.ts'
import type { Db, Parts } from '../parts.ts'
import type { Attempt } from './attempt.ts'
import { budgetOpensAt } from './budget.ts'
import { settle } from './ledger.ts'
import { withoutExecuted } from './reminded.ts'
import { endWithoutCall } from './timing.ts'

/** From when on (ms) a batch being sent counts as forgotten: longer than any call with a token refresh can take. */
const CALL_TAKES_AT_MOST = 120_000

/**
 * Claims a batch for one call: state, fence and a possible ambiguity are written before the call, so that a crash at any
 * moment leaves a row that says what may have happened. Undefined when there is nothing to send (any more).
 */
export function beginAttempt(parts: Parts, batchId: string, job: JobContext): Promise<Attempt | undefined> {
  return parts.db.transaction().execute(async (trx) => {
    const found = await findOpenBatch(trx, batchId)
    if (!found || !(await job.stillMine(trx))) return undefined
    const now = parts.clock.now()
    const unseen = found.firstAmbiguousAt === null
    const batch = found.kind === 'reminder' && unseen ? await withoutExecuted(trx, found) : found
    const end = endWithoutCall(batch, now)
    const opensAt = end ? now : await budgetOpensAt(trx, batch, now)
    if (opensAt > now)
      throw new RetryLater(opensAt - now, 'a recipient has as many messages as WeCom delivers in a while')

    const attempt = attemptOf(batch)
    await trx
      .updateTable('batches')
      .set({ fence: attempt.fence, ...(end ? {} : callBegins(attempt, now)) })
      .where('id', '=', batchId)
      .execute()
    if (!end) return attempt
    await settle(parts, trx, attempt, { ...end, errcode: batch.errcode })
    return undefined
  })
}

const callBegins = ({ number, ambiguousBefore }: Attempt, now: number) => ({
  state: 'sending' as const,
  attempts: number,
  attemptedAt: now,
  firstAmbiguousAt: ambiguousBefore ?? now,
  dueAt: now + CALL_TAKES_AT_MOST,
})

type OpenBatch = NonNullable<Awaited<ReturnType<typeof findOpenBatch>>>

const findOpenBatch = (db: Db, batchId: string) =>
  db
    .selectFrom('batches')
    .innerJoin('pushes', 'pushes.id', 'batches.pushId')
    .innerJoin('tasks', 'tasks.id', 'pushes.taskId')
    .selectAll('batches')
    .select(['tasks.id as taskId', 'tasks.name as taskName', 'tasks.deletedAt as taskDeletedAt'])
    .select('pushes.name as pushName')
    .where('batches.id', '=', batchId)
    .where('batches.state', 'in', ['ready', 'sending', 'blocked'])
    .executeTakeFirst()

function attemptOf(batch: OpenBatch): Attempt {
  const { id, pushId, taskId, taskName, pushName, kind, round, body, createdAt } = batch
  return {
    ...{ batchId: id, pushId, taskId, taskName, pushName, kind, round, body, createdAt },
    taskDeleted: batch.taskDeletedAt !== null,
    recipients: JSON.parse(batch.recipients) as string[],
    number: batch.attempts + 1,
    fence: newId(),
    stateBefore: batch.state,
    ambiguousBefore: batch.firstAmbiguousAt,
  }
}
