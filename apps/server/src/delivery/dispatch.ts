import { freezeMessage } from '@qimeng/wecom'
import { newId } from '../db/id.ts'
import type { BatchKind } from '../db/schema.ts'
import type { EnqueueOptions } from '../jobs/jobs.ts'
import type { Db, Parts } from '../parts.ts'
import { taskCard } from './card.ts'
import { canBePressed } from './card-codes.ts'
import { countReminder, markCards } from './marks.ts'
import { REFUSAL_REASON } from './reasons.ts'
import { splitRecipients } from './recipients.ts'
import { insertBatch, insertUnsent, type PlannedPush } from './store.ts'

export interface Dispatch {
  kind: BatchKind
  /** Number of the reminder, 0 for cards. */
  round: number
  userids: readonly string[]
  /** The administrator who asked for it; null when it was due. */
  requestedBy: string | null
}

/**
 * Freezes the bodies of all calls into the ledger, before the first of them, with a job for each. The batch id in the
 * card's link makes each batch unlike every other, so that only a retry of the same one can be dropped as a repeat.
 * Whom no call can name has failed at once.
 * @returns how many people it is on its way to
 */
export async function dispatch(
  parts: Parts,
  trx: Db,
  push: PlannedPush,
  { kind, round, userids, requestedBy }: Dispatch,
): Promise<number> {
  const { config, clock } = parts
  const createdAt = clock.now()
  const { groups, unaddressable } = splitRecipients(userids)
  const pressable = await canBePressed(parts, trx)
  for (const [part, recipients] of groups.entries()) {
    const id = newId()
    const url = `${config.publicUrl}/m/pushes/${push.id}?b=${id}`
    const content = taskCard(push, { kind: config.cardKind, round, url, ...(pressable && { pressId: id }) })
    const body = freezeMessage(config.wecom.agentId, recipients, content)
    await insertBatch(trx, { id, pushId: push.id, kind, round, part, body, requestedBy, createdAt }, recipients)
    await enqueueBatch(parts, trx, { id, part }, { turn: part })
  }
  if (kind === 'reminder') {
    await countReminder(trx, push.id, groups.flat(), createdAt)
    const part = groups.length
    await insertUnsent(trx, { pushId: push.id, kind, round, part, requestedBy, createdAt }, unaddressable)
  } else {
    await markCards(trx, push.id, unaddressable, 'failed', REFUSAL_REASON.unaddressable)
  }
  return userids.length - unaddressable.length
}

/** A job for a batch; `at` or `turn` is its place in the queue, now when both are absent. */
export async function enqueueBatch(
  { jobs }: Pick<Parts, 'jobs'>,
  trx: Db,
  { id, part }: { id: string; part: number },
  options: Pick<EnqueueOptions, 'at' | 'turn' | 'keepBefore'> = {},
) {
  const kind = part === 0 ? 'card.send' : 'card.rest'
  await jobs.enqueue(trx, kind, { batchId: id }, { key: `batch:${id}`, ...options })
}
