import { MINUTE } from '@qimeng/contract/time'
import type { Db, Parts } from '../parts.ts'
import { schedulePush } from '../tasks/schedule.ts'
import { enqueueBatch } from './dispatch.ts'
import { duePushes } from './store.ts'
import { tooOldBefore } from './timing.ts'

/** How long (ms) a job may be late before a new one is made for its row. */
const PATIENCE = MINUTE
/**
 * A batch that is to wait for longer (ms) has seen the clock set back, or waits for its budget: then it does no harm to
 * look again.
 */
const LONGEST_PAUSE = 3 * MINUTE

/** A job that waits for longer (ms) than one which failed has seen the clock set back. */
const LONGEST_RETRY = 6 * MINUTE

/** Every minute: a job for whatever should be moving and is not, since jobs may get lost and rows are the truth. */
export async function sweepDelivery(parts: Parts): Promise<void> {
  const now = parts.clock.now()
  const keeping = { keepBefore: now + LONGEST_RETRY }
  await parts.db.transaction().execute(async (trx) => {
    for (const push of await duePushes(trx, now - PATIENCE)) await schedulePush(parts, trx, push, keeping)
    for (const { dueAt, ...batch } of await overdueBatches(trx, now)) {
      await enqueueBatch(parts, trx, batch, { at: dueAt, ...keeping })
    }
    for (const batch of await blockedBatches(trx, now)) await enqueueBatch(parts, trx, batch)
  })
}

/** Each with its old place in the queue, so that whoever waits longest is not sent to its end. */
async function overdueBatches(db: Db, now: number) {
  const rows = await db
    .selectFrom('batches')
    .select(['id', 'part', 'dueAt'])
    .where('state', 'in', ['ready', 'sending'])
    .where((eb) => eb.or([eb('dueAt', '<', now - PATIENCE), eb('dueAt', '>', now + LONGEST_PAUSE)]))
    .execute()
  return rows.map((batch) => ({ ...batch, dueAt: Math.min(batch.dueAt, now) }))
}

/** The oldest blocked batch tries whether the configuration is right again; those that have grown too old are closed. */
async function blockedBatches(db: Db, now: number) {
  const rows = await db
    .selectFrom('batches')
    .select(['id', 'part', 'createdAt'])
    .where('state', '=', 'blocked')
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
  return rows.filter(({ createdAt }, index) => index === 0 || createdAt < tooOldBefore(now))
}
