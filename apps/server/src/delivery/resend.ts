import { audit } from '../audit/audit.ts'
import type { AdminSession } from '../http/sessions.ts'
import type { Db, Parts } from '../parts.ts'
import { dispatch } from './dispatch.ts'
import { markCards } from './marks.ts'
import { requireIssued } from './pushes.ts'
import { reachable } from './targets.ts'

type Remember = (trx: Db, reply: { queued: number }) => Promise<{ queued: number }>

/** Sends the card again to those alone whose card failed or is unknown: an administrator's decision, never our own. */
export function resend(
  parts: Parts,
  session: AdminSession,
  pushId: string,
  chosen: string[] | null,
  remember: Remember,
): Promise<{ queued: number }> {
  return parts.db.transaction().execute(async (trx) => {
    const push = await requireIssued(trx, pushId)
    const userids = (await reachable(trx, pushId, chosen))
      .filter(({ cardState }) => cardState === 'failed' || cardState === 'unknown')
      .map(({ userid }) => userid)
    if (userids.length > 0) {
      await markCards(trx, pushId, userids, 'pending', null)
      await dispatch(parts, trx, push, { kind: 'resend', round: 0, userids, requestedBy: session.userid })
      const detail = { people: userids.length }
      await audit(trx, parts, { actor: session.userid, action: 'push.resend', subject: pushId, detail })
    }
    return remember(trx, { queued: userids.length })
  })
}
