import { HOUR, MINUTE } from '@qimeng/contract/time'
import { chunks } from '../db/chunks.ts'
import type { Db } from '../parts.ts'

/** What WeCom delivers to one member from one app; it drops the excess without a word (WECOM.md 1.3). */
const ALLOWANCES = [
  { messages: 30, within: MINUTE },
  { messages: 1000, within: HOUR },
]
const LONGEST = HOUR

interface Message {
  batchId: string
  userids: readonly string[]
}

/**
 * When each of these people may get this message: now, or the moment at which enough of those before it are a minute, or
 * an hour, old.
 */
export async function membersBudgetOpensAt(trx: Db, { batchId, userids }: Message, now: number): Promise<number> {
  let opensAt = now
  for (const { messages, within } of ALLOWANCES) {
    for (const some of chunks(userids)) {
      const recent = trx
        .selectFrom('recentMessages')
        .where('userid', 'in', some)
        .where('at', '>', now - within)
        .where('batchId', '!=', batchId)
      const full = await recent
        .select('userid')
        .groupBy('userid')
        .having(({ fn }) => fn.countAll(), '>=', messages)
        .execute()
      for (const { userid } of full) {
        const times = recent.select('at').where('userid', '=', userid).orderBy('at', 'desc')
        const { at } = await times
          .offset(messages - 1)
          .limit(1)
          .executeTakeFirstOrThrow()
        // A clock set back makes them younger than they are, but never keeps anybody for longer than the allowance.
        opensAt = Math.max(opensAt, Math.min(at, now) + within + 1)
      }
    }
  }
  return opensAt
}

/** Counts a message for these people, before its call. One that is repeated counts once, at its latest. */
export async function countMessages(trx: Db, { batchId, userids }: Message, now: number) {
  for (const some of chunks(userids)) {
    await trx
      .deleteFrom('recentMessages')
      .where('userid', 'in', some)
      .where((eb) => eb.or([eb('batchId', '=', batchId), eb('at', '<=', now - LONGEST)]))
      .execute()
    await trx
      .insertInto('recentMessages')
      .values(some.map((userid) => ({ userid, at: now, batchId })))
      .execute()
  }
}

/** WeCom certainly delivered none of it. */
export async function uncountMessages(trx: Db, { batchId, userids }: Message) {
  for (const some of chunks(userids)) {
    await trx.deleteFrom('recentMessages').where('userid', 'in', some).where('batchId', '=', batchId).execute()
  }
}
