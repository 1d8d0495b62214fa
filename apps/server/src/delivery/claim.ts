import { SECOND } from '@qimeng/contract/time'
import type { Updateable } from 'kysely'
import { newId } from '../db/id.ts'
import type { Batches } from '../db/schema.ts'
import type { JobContext } from '../jobs/jobs.ts'
import type { Db, Parts } from '../parts.ts'
import type { Attempt } from './attempt.ts'
import { appBudgetOpensAt } from './budget.ts'
import { settle } from './ledger.ts'
import { countMessages, membersBudgetOpensAt } from './recent-messages.ts'
import { withoutExecuted } from './reminded.ts'
import { endBefore, endWithoutCall } from './timing.ts'

/** From when on (ms) a batch being sent counts as forgotten: longer than any call with a token refresh can take. */
const CALL_TAKES_AT_MOST = 120_000

/**
 * How long (ms) after its claim a call may leave. A process that stood still in between (a paused machine) may wake when
 * others have repeated the call, when WeCom's four hours are over and it would take it for a new one, or when a delete
 * has been answered, which waits for calls that are under way (tasks/calls.ts).
 */
const LEAVES_WITHIN = 5 * SECOND

/** Its turn has not come: a call now would be more than WeCom takes, or delivers. */
export interface Postponed {
  opensAt: number
}

/**
 * Claims a batch for one call: state, fence and a possible ambiguity are written before the call, so that a crash at any
 * moment leaves a row that says what may have happened. Undefined when there is nothing to send (any more).
 */
export function beginAttempt(parts: Parts, batchId: string, job: JobContext): Promise<Attempt | Postponed | undefined> {
  return parts.db.transaction().execute(async (trx) => {
    const found = await findOpenBatch(trx, batchId)
    if (!found || !(await job.stillMine(trx))) return undefined
    const now = parts.clock.now()
    const unseen = found.firstAmbiguousAt === null
    const batch = found.kind === 'reminder' && unseen ? await withoutExecuted(trx, found) : found
    const attempt = attemptOf(batch, now + LEAVES_WITHIN)
    const message = { batchId, userids: attempt.recipients }
    const due = endWithoutCall(batch, now)
    const opensAt = due ? now : await budgetOpensAt(trx, message, now)
    const end = due ?? endBefore(batch, opensAt)
    if (end) {
      await updateBatch(trx, batchId, { fence: attempt.fence })
      await settle(parts, trx, attempt, { ...end, errcode: batch.errcode })
      return undefined
    }
    if (opensAt > now) {
      await updateBatch(trx, batchId, { dueAt: opensAt })
      return { opensAt }
    }
    await updateBatch(trx, batchId, { fence: attempt.fence, ...callBegins(attempt, now) })
    await countMessages(trx, message, now)
    return attempt
  })
}

const budgetOpensAt = async (trx: Db, message: { batchId: string; userids: string[] }, now: number) =>
  Math.max(await appBudgetOpensAt(trx, message.userids.length, now), await membersBudgetOpensAt(trx, message, now))

const updateBatch = (trx: Db, batchId: string, change: Updateable<Batches>) =>
  trx.updateTable('batches').set(change).where('id', '=', batchId).execute()

const callBegins = ({ number, ambiguousBefore, recipients }: Attempt, now: number) => ({
  state: 'sending' as const,
  people: recipients.length,
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

function attemptOf(batch: OpenBatch, leaveBy: number): Attempt {
  const { id, pushId, taskId, taskName, pushName, kind, round, body, createdAt } = batch
  return {
    ...{ batchId: id, pushId, taskId, taskName, pushName, kind, round, body, createdAt },
    taskDeleted: batch.taskDeletedAt !== null,
    recipients: JSON.parse(batch.recipients) as string[],
    number: batch.attempts + 1,
    fence: newId(),
    leaveBy,
    stateBefore: batch.state,
    ambiguousBefore: batch.firstAmbiguousAt,
  }
}
