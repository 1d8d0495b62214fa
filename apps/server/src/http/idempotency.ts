import { Refusal } from '../refusal.ts'
import type { Db } from '../parts.ts'

/** Keys are forgotten after so long (ms); a phone that retries does so within minutes. */
export const KEY_LIFETIME = 24 * 3_600_000

/** Who asked for what, under which Idempotency-Key. */
export interface Occasion {
  actor: string
  key: string
  endpoint: string
}

/**
 * The reply an earlier request with this key got, or undefined.
 * @throws {Refusal} conflict, when the key was used for another endpoint
 */
export async function recall(db: Db, { actor, key, endpoint }: Occasion): Promise<{ reply: unknown } | undefined> {
  const known = await db
    .selectFrom('idempotencyKeys')
    .select(['endpoint', 'reply'])
    .where('actor', '=', actor)
    .where('key', '=', key)
    .executeTakeFirst()
  if (!known) return undefined
  if (known.endpoint !== endpoint) throw new Refusal('conflict', '请求重复，请刷新页面后重试')
  return { reply: JSON.parse(known.reply) as unknown }
}

/** In the transaction that makes the thing: both are there afterwards, or neither. A second one fails on the key. */
export async function remember(trx: Db, occasion: Occasion, reply: unknown, now: number) {
  await trx
    .insertInto('idempotencyKeys')
    .values({ ...occasion, reply: JSON.stringify(reply), createdAt: now })
    .execute()
}

export async function forgetOldKeys(db: Db, now: number) {
  await db
    .deleteFrom('idempotencyKeys')
    .where('createdAt', '<', now - KEY_LIFETIME)
    .execute()
}
