import { createHash } from 'node:crypto'
import { Refusal } from '../refusal.ts'
import type { Db } from '../parts.ts'

/** Keys are forgotten after so long (ms); a phone that retries does so within minutes. */
export const KEY_LIFETIME = 24 * 3_600_000

/** Who asked for what, under which Idempotency-Key. */
export interface Occasion {
  actor: string
  key: string
  /** Of the request, see `fingerprintOf`. */
  fingerprint: string
}

/**
 * What a request asks for, as a hash. Its parts come out of their schemas, which put the fields into one order. An
 * uploaded picture is no part of it: it has not been read yet, and the fronts make one key per picture.
 */
export const fingerprintOf = (...request: unknown[]) =>
  createHash('sha256').update(JSON.stringify(request)).digest('hex')

/**
 * The reply an earlier request with this key got, or undefined.
 * @throws {Refusal} conflict, when the key was used for something else: giving that reply would lose what was changed
 */
export async function recall(db: Db, { actor, key, fingerprint }: Occasion): Promise<{ reply: unknown } | undefined> {
  const known = await db
    .selectFrom('idempotencyKeys')
    .select(['fingerprint', 'reply'])
    .where('actor', '=', actor)
    .where('key', '=', key)
    .executeTakeFirst()
  if (!known) return undefined
  if (known.fingerprint !== fingerprint) {
    throw new Refusal('conflict', '上一次提交已经成功，之后修改的内容没有保存，请刷新页面核对后再修改')
  }
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
