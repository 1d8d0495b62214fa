import { LIMITS } from '@qimeng/contract/limits'
import { audit } from '../audit/audit.ts'
import type { AdminSession } from '../http/sessions.ts'
import type { Db, Parts } from '../parts.ts'
import { notFound } from '../refusal.ts'
import { dispatch } from './dispatch.ts'
import { peopleWithOpenReminder } from './reminded.ts'
import { requireIssued, requirePush } from './pushes.ts'
import { reachable } from './targets.ts'
import { tally } from './tally.ts'

export interface Reminded {
  /** Null when it goes to nobody. */
  round: number | null
  /** To how many people it is on its way. */
  queued: number
  /** Of those who are 待执行, how many were reminded a moment ago. */
  skipped: number
}

type Remember = (trx: Db, reply: Reminded) => Promise<Reminded>

/**
 * 「提醒员工执行」: everybody who is 待执行, or those chosen among them. Who was reminded a moment ago is skipped, and
 * whose reminder still waits for WeCom; who has executed or left is never reminded. The round is counted per push, in the transaction that freezes its cards.
 */
export async function remind(
  parts: Parts,
  session: AdminSession,
  pushId: string,
  chosen: string[] | null,
  remember: Remember,
): Promise<Reminded> {
  const reply = await parts.db.transaction().execute(async (trx) => {
    const push = await requireIssued(trx, pushId)
    const now = parts.clock.now()
    const pending = await reachable(trx, pushId, chosen)
    const underWay = await peopleWithOpenReminder(trx, pushId)
    const userids = pending
      .filter(({ lastRemindedAt }) => lastRemindedAt === null || now - lastRemindedAt >= LIMITS.remindEvery)
      .map(({ userid }) => userid)
      .filter((userid) => !underWay.has(userid))
    const skipped = pending.length - userids.length
    if (userids.length === 0) return remember(trx, { round: null, queued: 0, skipped })

    const round = push.reminderRounds + 1
    await trx.updateTable('pushes').set({ reminderRounds: round }).where('id', '=', pushId).execute()
    const queued = await dispatch(parts, trx, push, { kind: 'reminder', round, userids, requestedBy: session.userid })
    const detail = { round, people: queued }
    await audit(trx, parts, { actor: session.userid, action: 'push.remind', subject: pushId, detail })
    return remember(trx, { round, queued, skipped })
  })
  parts.reached('reminder-created')
  return reply
}

/** How far a round has come. @throws {Refusal} not_found */
export async function reminderReport(db: Db, pushId: string, round: number) {
  const push = await requirePush(db, pushId)
  if (!(round >= 1 && round <= push.reminderRounds)) throw notFound('提醒')
  const batches = await db
    .selectFrom('batches')
    .select(['state', 'recipients', 'refused'])
    .where('pushId', '=', pushId)
    .where('kind', '=', 'reminder')
    .where('round', '=', round)
    .execute()
  const { waiting, delivered: reminded, failed, unknown } = tally(batches)
  return { round, waiting, reminded, failed, unknown }
}
