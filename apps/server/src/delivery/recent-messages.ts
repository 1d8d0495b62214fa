import { HOUR, MINUTE } from '@qimeng/contract/time'
import { sql } from 'kysely'
import { listed } from '../db/listed.ts'
import type { Db } from '../parts.ts'

/** What WeCom delivers to one member from one app; it drops the excess without a word (WECOM.md 1.3). */
const ALLOWANCES = [
  { messages: 30, within: MINUTE },
  { messages: 1000, within: HOUR },
]
const LONGEST = HOUR
const FEWEST = 30

interface Message {
  batchId: string
  userids: readonly string[]
}

/**
 * When each of these people may get this message: now, or the moment at which enough of those before it are a minute, or
 * an hour, old.
 */
export async function membersBudgetOpensAt(trx: Db, { batchId, userids }: Message, now: number): Promise<number> {
  const recent = trx
    .selectFrom('recentMessages')
    .where('userid', 'in', listed(trx, userids))
    .where('at', '>', now - LONGEST)
    .where('batchId', '!=', batchId)
  // Hardly anybody got so many within the hour; those who did are looked at one by one.
  const busy = await recent
    .select('userid')
    .groupBy('userid')
    .having(({ fn }) => fn.countAll(), '>=', FEWEST)
    .execute()
  let opensAt = now
  for (const { userid } of busy) {
    for (const { messages, within } of ALLOWANCES) {
      const full = await recent
        .select('at')
        .where('userid', '=', userid)
        .where('at', '>', now - within)
        .orderBy('at', 'desc')
        .offset(messages - 1)
        .limit(1)
        .executeTakeFirst()
      // A clock set back makes them younger than they are, but never keeps anybody for longer than the allowance.
      if (full) opensAt = Math.max(opensAt, Math.min(full.at, now) + within + 1)
    }
  }
  return opensAt
}

/** Counts a message for these people, before its call. One that is repeated counts once, at its latest. */
export async function countMessages(trx: Db, { batchId, userids }: Message, now: number) {
  await trx
    .deleteFrom('recentMessages')
    .where('userid', 'in', listed(trx, userids))
    .where((eb) => eb.or([eb('batchId', '=', batchId), eb('at', '<=', now - LONGEST)]))
    .execute()
  await trx
    .insertInto('recentMessages')
    .columns(['userid', 'at', 'batchId'])
    .expression(
      trx
        .selectFrom(listed(trx, userids).as('people'))
        .select([
          sql.ref<string>('people.value').as('userid'),
          sql<number>`cast(${now} as bigint)`.as('at'),
          sql.val(batchId).as('batchId'),
        ]),
    )
    .execute()
}

/** WeCom certainly delivered none of it. */
export async function uncountMessages(trx: Db, { batchId, userids }: Message) {
  const counted = trx.deleteFrom('recentMessages').where('batchId', '=', batchId)
  await counted.where('userid', 'in', listed(trx, userids)).execute()
}
