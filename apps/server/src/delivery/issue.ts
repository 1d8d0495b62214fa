import { audit } from '../audit/audit.ts'
import type { AdminSession } from '../http/sessions.ts'
import type { Db, Parts } from '../parts.ts'
import { Refusal } from '../refusal.ts'
import { schedulePush, unschedulePush } from '../tasks/schedule.ts'
import { renewVersion } from '../tasks/store.ts'
import { announceMissed, announceNobodyLeft } from './alerts.ts'
import { dispatch } from './dispatch.ts'
import { requirePush } from './pushes.ts'
import { findPush, freezeAudience, markIssued, type PlannedPush, setPushState } from './store.ts'
import { punctuality } from './timing.ts'

/**
 * The job of a push at its minute. Jobs are hints, the row is the truth: everything is decided and frozen in the one
 * transaction that reads it, so an edit or a delete comes wholly before or wholly after.
 */
export async function issuePush(parts: Parts, pushId: string): Promise<void> {
  parts.reached('before-freeze')
  await parts.db.transaction().execute(async (trx) => {
    const push = await findPush(trx, pushId)
    if (!push || push.state !== 'scheduled' || push.taskDeletedAt !== null) return
    const timing = punctuality(push.scheduledAt, parts.clock.now())
    // The clock was set back, or the job came from another engine.
    if (timing === 'early') return schedulePush(parts, trx, push)
    if (timing === 'missed') return miss(parts, trx, push)
    await issue(parts, trx, push, { late: timing === 'late', requestedBy: null })
  })
  parts.reached('after-freeze')
}

/** 「立即推送」 of a missed push. @throws {Refusal} conflict, when it is not missed (any more) */
export async function issueNow(parts: Parts, session: AdminSession, pushId: string) {
  await parts.db.transaction().execute(async (trx) => {
    const push = await requirePush(trx, pushId)
    if (push.state !== 'missed') throw new Refusal('conflict', '只有已错过的推送可以立即推送')
    await issue(parts, trx, push, { late: true, requestedBy: session.userid })
    await audit(trx, parts, {
      actor: session.userid,
      action: 'push.issue',
      subject: pushId,
      detail: { name: push.name },
    })
  })
}

/** Takes a push back that has not been sent. @throws {Refusal} conflict */
export async function cancelPush(parts: Parts, session: AdminSession, pushId: string) {
  await parts.db.transaction().execute(async (trx) => {
    const push = await requirePush(trx, pushId)
    if (push.state !== 'scheduled' && push.state !== 'missed') throw new Refusal('conflict', '推送已下达或已取消')
    await setPushState(trx, push, 'cancelled')
    // A form opened before would plan it once more.
    await renewVersion(trx, push.taskId, parts.clock.now())
    await unschedulePush(parts, trx, pushId)
    await audit(trx, parts, {
      actor: session.userid,
      action: 'push.cancel',
      subject: pushId,
      detail: { name: push.name },
    })
  })
}

interface Manner {
  late: boolean
  requestedBy: string | null
}

async function issue(parts: Parts, trx: Db, push: PlannedPush, { late, requestedBy }: Manner) {
  const at = parts.clock.now()
  const userids = await freezeAudience(trx, push.id, at)
  await markIssued(trx, push, { at, late })
  await dispatch(parts, trx, push, { kind: 'card', round: 0, userids, requestedBy })
  if (userids.length === 0) await announceNobodyLeft(trx, push, at)
}

/** Nobody is disturbed hours after the minute; an administrator decides. */
async function miss({ clock }: Parts, trx: Db, push: PlannedPush) {
  await setPushState(trx, push, 'missed')
  await announceMissed(trx, push, clock.now())
}
