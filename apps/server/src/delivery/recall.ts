import { HOUR, MINUTE } from '@qimeng/contract/time'
import { recallMessage, WecomError, WecomUnreachable } from '@qimeng/wecom'
import { type JobContext, RetryLater } from '../jobs/jobs.ts'
import type { Db, Parts } from '../parts.ts'

/** WeCom takes messages back for a day (WECOM.md 3.5). */
const RECALLABLE = 24 * HOUR

/**
 * Takes the cards of a deleted task back from the phones, as far as WeCom does that. Best effort: what WeCom refuses is
 * written down and left, and a card that stays opens a page that says the task was deleted. Recalling twice does no harm,
 * so a crash needs no ledger.
 * @throws {RetryLater} when WeCom could not be asked
 */
export async function recallCards(parts: Parts, taskId: string, job: JobContext): Promise<void> {
  for (const { id, msgid } of await sentCards(parts.db, taskId, parts.clock.now() - RECALLABLE)) {
    if (!(await job.stillMine())) return
    const outcome = await recall(parts, msgid)
    await parts.db.updateTable('batches').set(outcome).where('id', '=', id).execute()
  }
}

async function recall({ wecom, clock }: Parts, msgid: string) {
  try {
    await recallMessage(wecom, msgid)
    return { recalledAt: clock.now() }
  } catch (error) {
    if (error instanceof WecomUnreachable) throw new RetryLater(MINUTE, error.message)
    if (!(error instanceof WecomError)) throw error
    if (error.kind === 'retry' || error.kind === 'token') throw new RetryLater(MINUTE, error.message)
    return { recallErrcode: error.errcode }
  }
}

async function sentCards(db: Db, taskId: string, since: number) {
  const rows = await db
    .selectFrom('batches')
    .innerJoin('pushes', 'pushes.id', 'batches.pushId')
    .innerJoin('tasks', 'tasks.id', 'pushes.taskId')
    .select(['batches.id', 'batches.msgid'])
    .where('tasks.id', '=', taskId)
    .where('tasks.deletedAt', 'is not', null)
    .where('batches.sentAt', '>', since)
    .where('batches.recalledAt', 'is', null)
    .where('batches.recallErrcode', 'is', null)
    .execute()
  return rows.flatMap(({ id, msgid }) => (msgid === null ? [] : [{ id, msgid }]))
}
