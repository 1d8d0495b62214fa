import { MINUTE } from '@qimeng/contract/time'
import { updateTemplateCard, WecomError, WecomUnreachable } from '@qimeng/wecom'
import { chunks } from '../db/chunks.ts'
import { type JobContext, RetryLater } from '../jobs/jobs.ts'
import type { Db, Parts } from '../parts.ts'
import { finishedCard } from './card.ts'
import { LAST_CALL } from './card-codes.ts'

/**
 * Lets the cards of a push say 已完成 on the phones of those who have finished, as far as WeCom's codes go: a press's own code
 * at once, a batch's when all have finished or shortly before it ends. Best effort: what WeCom refuses is written down and
 * left, for the page that a card opens says the same.
 * @throws {RetryLater} when WeCom could not be asked
 */
export async function updateCards(parts: Parts, pushId: string, job: JobContext): Promise<void> {
  for (const open of await openCodes(parts.db, pushId, parts.clock.now())) {
    const finished = await whoHasFinished(parts.db, pushId, open.people)
    const all = finished.length === open.people.length
    if (finished.length === 0 || !(all || parts.clock.now() >= open.expiresAt - LAST_CALL)) continue
    if (!(await job.stillMine())) return
    const errcode = await spend(parts, open, finished)
    const spentAt = parts.clock.now()
    await parts.db.updateTable('cardCodes').set({ spentAt, errcode }).where('code', '=', open.code).execute()
  }
}

interface OpenCode {
  code: string
  /** The request as it was sent. */
  body: string
  expiresAt: number
  /** Whose cards this code updates. */
  people: string[]
}

async function openCodes(db: Db, pushId: string, now: number): Promise<OpenCode[]> {
  const rows = await db
    .selectFrom('cardCodes')
    .innerJoin('batches', 'batches.id', 'cardCodes.batchId')
    .innerJoin('pushes', 'pushes.id', 'batches.pushId')
    .innerJoin('tasks', 'tasks.id', 'pushes.taskId')
    .select(['cardCodes.code', 'cardCodes.userid', 'cardCodes.expiresAt'])
    .select(['batches.body', 'batches.recipients', 'batches.refused'])
    .where('batches.pushId', '=', pushId)
    .where('batches.recalledAt', 'is', null)
    .where('tasks.deletedAt', 'is', null)
    .where('cardCodes.spentAt', 'is', null)
    .where('cardCodes.expiresAt', '>', now)
    .orderBy('cardCodes.expiresAt')
    .execute()
  return rows.map(({ userid, recipients, refused, ...code }) => {
    const unreached = new Set(Object.keys(JSON.parse(refused ?? '{}') as object))
    const reached = (JSON.parse(recipients) as string[]).filter((recipient) => !unreached.has(recipient))
    return { ...code, people: userid === null ? reached : [userid] }
  })
}

async function whoHasFinished(db: Db, pushId: string, people: readonly string[]): Promise<string[]> {
  const finished: string[] = []
  for (const some of chunks(people)) {
    const rows = await db
      .selectFrom('executions')
      .select('userid')
      .where('pushId', '=', pushId)
      .where('userid', 'in', some)
      .where('executedAt', 'is not', null)
      .execute()
    finished.push(...rows.map(({ userid }) => userid))
  }
  return finished
}

/** WeCom's errcode. A code that an earlier attempt has used up, its answer lost, is refused with 60140. */
async function spend({ wecom }: Parts, { code, body }: OpenCode, userIds: string[]): Promise<number> {
  try {
    await updateTemplateCard(wecom, { userIds, responseCode: code, card: finishedCard(body) })
    return 0
  } catch (error) {
    if (error instanceof WecomUnreachable) throw new RetryLater(MINUTE, error.message)
    if (!(error instanceof WecomError)) throw error
    if (error.kind === 'retry' || error.kind === 'token') throw new RetryLater(MINUTE, error.message)
    return error.errcode
  }
}
