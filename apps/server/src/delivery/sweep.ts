import { MINUTE } from '@qimeng/contract/time'
import type { Db, Parts } from '../parts.ts'
import { schedulePush } from '../tasks/schedule.ts'
import { enqueueBatch } from './dispatch.ts'
import { duePushes } from './store.ts'
import { tooOldBefore } from './timing.ts'

/** How long (ms) a job may be late before a new one is made for its row. */
const PATIENCE = MINUTE

/** Every minute: a job for whatever should be moving and is not, since jobs may get lost and rows are the truth. */
export async function sweepDelivery(parts: Parts): Promise<void> {
  const now = parts.clock.now()
  await parts.db.transaction().execute(async (trx) => {
    for (const push of await duePushes(trx, now - PATIENCE)) await schedulePush(parts, trx, push)
    for (const batchId of await overdueBatches(trx, now - PATIENCE)) await enqueueBatch(parts, trx, batchId)
    for (const batchId of await blockedBatches(trx, now)) await enqueueBatch(parts, trx, batchId)
  })
}

async function overdueBatches(db: Db, before: number): Promise<string[]> {
  const rows = await db
    .selectFrom('batches')
    .select('id')
    .where('state', 'in', ['ready', 'sending'])
    .where('dueAt', '<', before)
    .execute()
  return rows.map(({ id }) => id)
}

/** The oldest blocked batch tries whether the configuration is right again; those that have grown too old are closed. */
async function blockedBatches(db: Db, now: number): Promise<string[]> {
  const rows = await db
    .selectFrom('batches')
    .select(['id', 'createdAt'])
    .where('state', '=', 'blocked')
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
  return rows.filter(({ createdAt }, index) => index === 0 || createdAt < tooOldBefore(now)).map(({ id }) => id)
}
