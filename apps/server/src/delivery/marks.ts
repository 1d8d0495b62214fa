import { listed } from '../db/listed.ts'
import type { CardState } from '../db/schema.ts'
import type { Db } from '../parts.ts'

/** What became of these people's card. */
export async function markCards(
  trx: Db,
  pushId: string,
  userids: readonly string[],
  cardState: CardState,
  cardReason: string | null,
) {
  if (userids.length === 0) return
  await trx
    .updateTable('executions')
    .set({ cardState, cardReason })
    .where('pushId', '=', pushId)
    .where('userid', 'in', listed(trx, userids))
    .execute()
}

/** Counts a reminder for these people, at this time. */
export async function countReminder(trx: Db, pushId: string, userids: readonly string[], now: number) {
  await trx
    .updateTable('executions')
    .set((eb) => ({ reminders: eb('reminders', '+', 1), lastRemindedAt: now }))
    .where('pushId', '=', pushId)
    .where('userid', 'in', listed(trx, userids))
    .execute()
}

/**
 * Sets count and time anew from the ledger, after a reminder has failed for these people: one it did not reach counts for
 * nothing, so they can be reminded again at once, and earlier ones stay as they were. One that may have arrived counts.
 */
export async function recountReminders(trx: Db, pushId: string, userids: Iterable<string>) {
  const people = new Map(
    [...userids].map((userid) => [userid, { reminders: 0, lastRemindedAt: null as number | null }]),
  )
  if (people.size === 0) return
  const batches = await trx
    .selectFrom('batches')
    .select(['recipients', 'refused', 'createdAt'])
    .where('pushId', '=', pushId)
    .where('kind', '=', 'reminder')
    .where('state', '!=', 'failed')
    .orderBy('createdAt')
    .execute()
  for (const { recipients, refused, createdAt } of batches) {
    const unreached = new Set(Object.keys(JSON.parse(refused ?? '{}') as object))
    for (const userid of JSON.parse(recipients) as string[]) {
      const person = people.get(userid)
      if (!person || unreached.has(userid)) continue
      person.reminders += 1
      person.lastRemindedAt = createdAt
    }
  }
  for (const [userid, counted] of people) {
    await trx.updateTable('executions').set(counted).where('pushId', '=', pushId).where('userid', '=', userid).execute()
  }
}
