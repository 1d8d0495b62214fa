import { setTimeout as delay } from 'node:timers/promises'
import type { Db } from '../parts.ts'

/** Longer (ms) than any call: 5 s until it leaves (delivery/claim.ts), 10 s on the wire; shorter than the console waits. */
const PATIENCE = 17_000
const LOOK_EVERY = 20

/**
 * Waits until no call is on the wire that carries cards of this task. None begins once the task is marked as deleted, so
 * that afterwards no card can arrive any more.
 */
export async function callsUnderWayEnd(db: Db, taskId: string): Promise<void> {
  const end = performance.now() + PATIENCE
  while ((await isCalling(db, taskId)) && performance.now() < end) await delay(LOOK_EVERY)
}

async function isCalling(db: Db, taskId: string): Promise<boolean> {
  const call = await db
    .selectFrom('pushes')
    .innerJoin('batches', 'batches.pushId', 'pushes.id')
    .select('batches.id')
    .where('pushes.taskId', '=', taskId)
    .where('batches.state', '=', 'sending')
    .where('batches.fence', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return call !== undefined
}
