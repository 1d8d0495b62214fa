import type { CardState } from '../db/schema.ts'
import { chunks } from '../db/chunks.ts'
import type { Db } from '../parts.ts'

/** What became of these people's card. */
export async function markCards(
  trx: Db,
  pushId: string,
  userids: readonly string[],
  cardState: CardState,
  cardReason: string | null,
) {
  for (const some of chunks(userids)) {
    await trx
      .updateTable('executions')
      .set({ cardState, cardReason })
      .where('pushId', '=', pushId)
      .where('userid', 'in', some)
      .execute()
  }
}

/** Counts a reminder for these people, at this time. */
export async function countReminder(trx: Db, pushId: string, userids: readonly string[], now: number) {
  for (const some of chunks(userids)) {
    await trx
      .updateTable('executions')
      .set((eb) => ({ reminders: eb('reminders', '+', 1), lastRemindedAt: now }))
      .where('pushId', '=', pushId)
      .where('userid', 'in', some)
      .execute()
  }
}

/** Takes it back for those it did not reach, who can then be reminded again at once. */
export async function uncountReminder(trx: Db, pushId: string, userids: readonly string[]) {
  for (const some of chunks(userids)) {
    await trx
      .updateTable('executions')
      .set((eb) => ({ reminders: eb('reminders', '-', 1), lastRemindedAt: null }))
      .where('pushId', '=', pushId)
      .where('userid', 'in', some)
      .execute()
  }
}
