import type { CallbackEvents } from '../db/schema.ts'
import type { Db } from '../parts.ts'

export type EventRow = CallbackEvents

/** @returns false for an event that is known already */
export async function insertEvent(
  db: Db,
  event: Pick<CallbackEvents, 'id' | 'kind' | 'userid' | 'receivedAt' | 'doneAt'>,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('callbackEvents')
    .values({ ...event, answer: null, errcode: null })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

export const findOpenEvent = (db: Db, id: string): Promise<EventRow | undefined> =>
  db.selectFrom('callbackEvents').selectAll().where('id', '=', id).where('doneAt', 'is', null).executeTakeFirst()

export async function keepAnswer(db: Db, id: string, answer: string) {
  await db.updateTable('callbackEvents').set({ answer }).where('id', '=', id).execute()
}

export async function finishEvent(db: Db, id: string, doneAt: number, errcode: number | null) {
  await db.updateTable('callbackEvents').set({ doneAt, errcode }).where('id', '=', id).execute()
}

/** How often this person has been answered the same kind of event since then, this one apart. */
export async function countAnswers(db: Db, { id, userid, kind }: EventRow, since: number): Promise<number> {
  const { count } = await db
    .selectFrom('callbackEvents')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('userid', '=', userid)
    .where('kind', '=', kind)
    .where('receivedAt', '>=', since)
    .where('answer', 'is not', null)
    .where('id', '!=', id)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** When the first of the changes came that no copy of the directory has taken up. */
export async function oldestContactsEvent(db: Db): Promise<number | null> {
  const { oldest } = await db
    .selectFrom('callbackEvents')
    .select(({ fn }) => fn.min<number | null>('receivedAt').as('oldest'))
    .where('kind', '=', 'contacts')
    .where('doneAt', 'is', null)
    .executeTakeFirstOrThrow()
  return oldest === null ? null : Number(oldest)
}

/** @returns how many changes are taken up now */
export async function finishContacts(db: Db, doneAt: number): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('callbackEvents')
    .set({ doneAt })
    .where('kind', '=', 'contacts')
    .where('doneAt', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** When WeCom has last reached us; null when it never has. */
export async function lastHeardAt(db: Db): Promise<number | null> {
  const { latest } = await db
    .selectFrom('callbackEvents')
    .select(({ fn }) => fn.max<number | null>('receivedAt').as('latest'))
    .executeTakeFirstOrThrow()
  return latest === null ? null : Number(latest)
}

/** Forgets what no repeat can bring back, and keeps the verifications: they are few, and say that WeCom has reached us. */
export async function forgetEvents(db: Db, before: number) {
  await db.deleteFrom('callbackEvents').where('receivedAt', '<', before).where('kind', '!=', 'verification').execute()
}
