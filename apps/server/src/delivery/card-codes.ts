import { HOUR } from '@qimeng/contract/time'
import type { Db, Parts } from '../parts.ts'

/** How long (ms) a code works, once (WECOM.md 3.4). */
const LIFETIME = 72 * HOUR
/** How long (ms) before its end a batch's code is spent for those who have finished by then. */
export const LAST_CALL = HOUR

/**
 * Whether cards may have a menu: WeCom refuses one where the app has no callback address (43012), so not before it has
 * told us something. A card without a menu is better than none.
 */
export async function canBePressed({ config }: Pick<Parts, 'config'>, trx: Db): Promise<boolean> {
  if (config.cardKind !== 'template_card' || config.callback === null) return false
  return (await trx.selectFrom('callbackEvents').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** The code that came with a batch: it updates everybody's card, once, so it waits until it serves as many as possible. */
export async function keepBatchCode(
  parts: Parts,
  trx: Db,
  { batchId, pushId }: { batchId: string; pushId: string },
  code: string,
) {
  const expiresAt = await keepCode(parts, trx, { batchId, userid: null, code })
  // Everybody may have finished by another card while this call was under way.
  await scheduleUpdate(parts, trx, pushId)
  const last = { at: expiresAt - LAST_CALL, key: `card-end:${batchId}` }
  await parts.jobs.enqueue(trx, 'card.update', { pushId }, last)
}

/**
 * The code that came with somebody's press: it updates this person's card alone.
 * @returns the push whose card was pressed; undefined when the card is none of ours
 */
export async function keepPressCode(
  parts: Parts,
  trx: Db,
  { batchId, userid, code }: { batchId: string; userid: string; code: string | undefined },
): Promise<string | undefined> {
  const batch = await trx.selectFrom('batches').select('pushId').where('id', '=', batchId).executeTakeFirst()
  if (!batch) return undefined
  if (code !== undefined) {
    await keepCode(parts, trx, { batchId, userid, code })
    await scheduleUpdate(parts, trx, batch.pushId)
  }
  return batch.pushId
}

async function keepCode({ clock }: Parts, trx: Db, code: { batchId: string; userid: string | null; code: string }) {
  const expiresAt = clock.now() + LIFETIME
  await trx
    .insertInto('cardCodes')
    .values({ ...code, expiresAt, spentAt: null, errcode: null })
    .onConflict((conflict) => conflict.column('code').doNothing())
    .execute()
  return expiresAt
}

/** Somebody has finished: his cards may say so now, if there are any that can. */
export async function tellFinished(parts: Parts, trx: Db, pushId: string) {
  const open = await trx
    .selectFrom('cardCodes')
    .innerJoin('batches', 'batches.id', 'cardCodes.batchId')
    .select('cardCodes.code')
    .where('batches.pushId', '=', pushId)
    .where('cardCodes.spentAt', 'is', null)
    .limit(1)
    .executeTakeFirst()
  if (open) await scheduleUpdate(parts, trx, pushId)
}

const scheduleUpdate = ({ jobs }: Parts, trx: Db, pushId: string) =>
  jobs.enqueue(trx, 'card.update', { pushId }, { key: `card-update:${pushId}` })

/** Codes are of no use after their end, and of no interest after the push. */
export async function forgetCodes(db: Db, before: number) {
  await db.deleteFrom('cardCodes').where('expiresAt', '<', before).execute()
}
