import type { Db } from '../parts.ts'
import { notFound, Refusal } from '../refusal.ts'
import { findPush, type PlannedPush } from './store.ts'

/** @throws {Refusal} not_found, also when its task was deleted */
export async function requirePush(db: Db, pushId: string): Promise<PlannedPush> {
  const push = await findPush(db, pushId)
  if (!push || push.taskDeletedAt !== null) throw notFound('推送')
  return push
}

/** @throws {Refusal} conflict, while nobody has it yet */
export async function requireIssued(db: Db, pushId: string): Promise<PlannedPush> {
  const push = await requirePush(db, pushId)
  if (push.state !== 'issued') throw new Refusal('conflict', '推送尚未下达')
  return push
}
