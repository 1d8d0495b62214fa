import type { Db } from '../parts.ts'
import { recountReminders } from './marks.ts'

export interface Reminder {
  id: string
  pushId: string
  body: string
  /** JSON array of userids. */
  recipients: string
}

/**
 * Takes out of a reminder whoever has executed since it was made, for a card may wait up to two hours for WeCom. Only for
 * one that WeCom certainly has not seen: the bytes of any other stay as they are.
 */
export async function withoutExecuted<R extends Reminder>(trx: Db, reminder: R): Promise<R> {
  const { id, pushId } = reminder
  const userids = JSON.parse(reminder.recipients) as string[]
  const rows = await trx
    .selectFrom('executions')
    .select('userid')
    .where('pushId', '=', pushId)
    .where('userid', 'in', userids)
    .where('executedAt', 'is not', null)
    .execute()
  if (rows.length === 0) return reminder
  const executed = new Set(rows.map(({ userid }) => userid))
  const left = userids.filter((userid) => !executed.has(userid))
  const body = JSON.stringify({ ...(JSON.parse(reminder.body) as object), touser: left.join('|') })
  const recipients = JSON.stringify(left)
  await trx.updateTable('batches').set({ body, recipients }).where('id', '=', id).execute()
  await recountReminders(trx, pushId, executed)
  return { ...reminder, body, recipients }
}

/** Who has a reminder of this push that WeCom has not taken yet: another one would arrive in the same second. */
export async function peopleWithOpenReminder(db: Db, pushId: string): Promise<Set<string>> {
  const batches = await db
    .selectFrom('batches')
    .select('recipients')
    .where('pushId', '=', pushId)
    .where('kind', '=', 'reminder')
    .where('state', 'in', ['ready', 'sending', 'blocked'])
    .execute()
  return new Set(batches.flatMap(({ recipients }) => JSON.parse(recipients) as string[]))
}
