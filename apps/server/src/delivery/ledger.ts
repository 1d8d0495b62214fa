import { SECOND } from '@qimeng/contract/time'
import type { Metrics } from '../metrics.ts'
import type { Db, Parts } from '../parts.ts'
import { announceBlocked, announceUnreached } from './alerts.ts'
import type { Attempt } from './attempt.ts'
import { keepBatchCode } from './card-codes.ts'
import { enqueueBatch } from './dispatch.ts'
import { markCards, recountReminders } from './marks.ts'
import type { Outcome } from './outcome.ts'
import { uncountMessages } from './recent-messages.ts'
import { addressedAnew } from './renamed.ts'
import { scheduleRecall } from '../tasks/schedule.ts'

/**
 * Writes an outcome into the ledger and to the people it is about. A worker whose lease has gone no longer knows the
 * fence, and writes nothing.
 */
export async function settle(parts: Parts, trx: Db, attempt: Attempt, outcome: Outcome): Promise<void> {
  const now = parts.clock.now()
  const stored = await trx
    .updateTable('batches')
    .set({ state: outcome.state, fence: null, ...columnsOf(attempt, outcome, now) })
    .where('id', '=', attempt.batchId)
    .where('fence', '=', attempt.fence)
    .returning('recipients')
    .executeTakeFirst()
  if (!stored) return
  if (stored.recipients === JSON.stringify(attempt.recipients)) return tell(parts, trx, attempt, outcome, now)
  const [known, told] = underNewNames(attempt, outcome, JSON.parse(stored.recipients) as string[])
  await trx
    .updateTable('batches')
    .set({ body: known.body, ...columnsOf(known, told, now) })
    .where('id', '=', attempt.batchId)
    .execute()
  await tell(parts, trx, known, told, now)
}

/** Somebody was renamed while the call was under way: a retry of what WeCom has not taken names him as WeCom does now. */
function underNewNames(attempt: Attempt, outcome: Outcome, recipients: string[]): [Attempt, Outcome] {
  const names = new Map(attempt.recipients.map((before, at) => [before, recipients[at]!]))
  const nameNow = (before: string) => names.get(before) ?? before
  const body = certainlyUnsent(attempt, outcome) ? addressedAnew(attempt.body, nameNow) : attempt.body
  const renamed = { ...attempt, recipients, body }
  if (!('refused' in outcome) || !outcome.refused) return [renamed, outcome]
  const refused = new Map([...outcome.refused].map(([before, reason]) => [nameNow(before), reason]))
  return [renamed, { ...outcome, refused }]
}

/** What follows from an outcome that stands in the ledger. */
async function tell(parts: Parts, trx: Db, attempt: Attempt, outcome: Outcome, now: number): Promise<void> {
  if (certainlyUnsent(attempt, outcome)) {
    await uncountMessages(trx, { batchId: attempt.batchId, userids: attempt.recipients })
  }
  count(parts.metrics, attempt, outcome, now)
  switch (outcome.state) {
    case 'ready':
    case 'sending':
      return
    case 'blocked':
      return announceBlocked(trx, attempt, outcome.reason, now)
    case 'sent':
      await tellSent(trx, attempt, outcome.refused)
      if (outcome.responseCode !== null) await keepBatchCode(parts, trx, attempt, outcome.responseCode)
      await recallIfDeleted(parts, trx, attempt.taskId)
      await releaseBlocked(parts, trx)
      break
    default:
      await tellUnsent(trx, attempt, outcome)
  }
  if (!attempt.taskDeleted) await announceUnreached(trx, attempt, now)
}

function count({ cards, lag }: Metrics, { kind, recipients, createdAt }: Attempt, outcome: Outcome, now: number) {
  const { state } = outcome
  if (state === 'ready' || state === 'sending' || state === 'blocked') return
  const refused = state === 'sent' ? outcome.refused.size : 0
  cards.inc({ kind, outcome: state }, recipients.length - refused)
  if (refused > 0) cards.inc({ kind, outcome: 'failed' }, refused)
  if (state === 'sent') lag.observe((now - createdAt) / SECOND)
}

/** Nothing of it has reached a phone, neither now nor earlier: it takes nothing of anybody's share. */
const certainlyUnsent = ({ ambiguousBefore }: Attempt, { state }: Outcome) =>
  ambiguousBefore === null && (state === 'ready' || state === 'blocked' || state === 'failed')

function columnsOf({ ambiguousBefore }: Attempt, outcome: Outcome, now: number) {
  if (outcome.state === 'sent') {
    const refused = outcome.refused.size > 0 ? JSON.stringify(Object.fromEntries(outcome.refused)) : null
    return { msgid: outcome.msgid, refused, errcode: 0, error: null, sentAt: now, firstAmbiguousAt: null }
  }
  const answer = { errcode: outcome.errcode, error: outcome.reason }
  if (outcome.state === 'sending') return { ...answer, dueAt: now + outcome.afterMs }
  // This attempt was refused or never left; whether an earlier one was accepted is as open as before.
  const settled = { ...answer, firstAmbiguousAt: ambiguousBefore }
  return outcome.state === 'ready' ? { ...settled, dueAt: now + outcome.afterMs } : settled
}

async function tellSent(trx: Db, { kind, pushId, recipients }: Attempt, refused: ReadonlyMap<string, string>) {
  if (kind === 'reminder') return recountReminders(trx, pushId, refused.keys())
  const others = recipients.filter((userid) => !refused.has(userid))
  await markCards(trx, pushId, others, 'delivered', null)
  await markRefused(trx, pushId, refused)
}

type Unsent = Extract<Outcome, { state: 'failed' | 'unknown' }>

async function tellUnsent(trx: Db, { kind, pushId, recipients }: Attempt, outcome: Unsent) {
  const { state, reason } = outcome
  if (kind === 'reminder') {
    // One that may have arrived stays counted.
    if (state === 'failed') await recountReminders(trx, pushId, recipients)
    return
  }
  await markCards(trx, pushId, recipients, state, reason)
  if (state === 'failed' && outcome.refused) await markRefused(trx, pushId, outcome.refused)
}

/** Userids by their reason: few reasons, and many people. */
async function markRefused(trx: Db, pushId: string, refused: ReadonlyMap<string, string>) {
  for (const [reason, people] of Map.groupBy(refused.keys(), (userid) => refused.get(userid)!)) {
    await markCards(trx, pushId, people, 'failed', reason)
  }
}

/** The task was deleted while the call was under way: the recall that the delete planned came too early for this card. */
async function recallIfDeleted(parts: Parts, trx: Db, taskId: string) {
  const { deletedAt } = await trx
    .selectFrom('tasks')
    .select('deletedAt')
    .where('id', '=', taskId)
    .executeTakeFirstOrThrow()
  if (deletedAt !== null) await scheduleRecall(parts, trx, taskId)
}

/** WeCom accepts calls again: what waited for an administrator's cure goes on. */
async function releaseBlocked(parts: Parts, trx: Db) {
  const blocked = await trx.selectFrom('batches').select(['id', 'part']).where('state', '=', 'blocked').execute()
  for (const batch of blocked) await enqueueBatch(parts, trx, batch)
}
