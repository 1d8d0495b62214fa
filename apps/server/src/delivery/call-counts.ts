import { DAY, MINUTE, SECOND, startOfShanghaiDay } from '@qimeng/contract/time'
import { sql } from 'kysely'
import { compileOnceForOne } from '../db/compiled.ts'
import type { Db } from '../parts.ts'

/** How finely (ms) calls are counted for the limits of a minute. Known to the database too (migration 0013). */
const SLOT = 10 * SECOND

/** Who was over a limit of so-and-so many calls a minute (45009) is refused for a minute, whatever he calls with. */
const TOO_FAST = 45009

/**
 * At most so many calls of the last minute, and people of today, are in the ledger: the database counts each call when it is begun
 * and takes none back, neither one that was refused nor one that has been repeated since. With what else decides about a call, in
 * one question, of which each part goes by a key or finds nothing in an index of what is rare.
 */
export async function callsAtMost(trx: Db, now: number) {
  const today = startOfShanghaiDay(now)
  const found = await countsAt(trx, { slots: now - MINUTE - SLOT, today, minuteAgo: now - MINUTE, now })
  const { calls, people, tooFastAt, company } = found!
  return { calls: calls ?? 0, people: people ?? 0, tooFastAt, company: company ?? 0 }
}

interface Asked extends Record<string, number> {
  slots: number
  today: number
  minuteAgo: number
  now: number
}

const countsAt = compileOnceForOne((db, { slots, today, minuteAgo, now }: Asked) =>
  db.selectNoFrom(({ selectFrom }) => [
    selectFrom('callCounts')
      .select(({ fn }) => fn.sum<number | null>('calls').as('calls'))
      .where('span', '=', SLOT_SPAN)
      .where('since', '>', slots)
      .as('calls'),
    // A clock that was set back has days ahead of it.
    selectFrom('callCounts')
      .select(({ fn }) => fn.sum<number | null>('people').as('people'))
      .where('span', '=', DAY_SPAN)
      .where('since', '>=', today)
      .as('people'),
    selectFrom('batches')
      .select(({ fn }) => fn.max('attemptedAt').as('at'))
      .where('state', '=', sql.lit('ready' as const))
      .where('errcode', '=', sql.lit(TOO_FAST))
      .where('attemptedAt', '>', minuteAgo)
      .where('attemptedAt', '<=', now)
      .as('tooFastAt'),
    selectFrom('directorySyncs')
      .select('people')
      .where('finishedAt', 'is not', null)
      .where('error', 'is', null)
      .orderBy('finishedAt', 'desc')
      .limit(1)
      .as('company'),
  ]),
)

const SLOT_SPAN = sql.lit(SLOT)
const DAY_SPAN = sql.lit(DAY)

/**
 * The day's count anew, after many calls of it were refused or repeated. People of all calls are in it, whatever came of them:
 * one that was refused may become `unknown` without another call, and none of what is changed here may ever be too little.
 */
export async function countDayAnew(trx: Db, now: number) {
  const today = startOfShanghaiDay(now)
  await trx
    .updateTable('callCounts')
    .set(({ selectFrom }) => ({
      people: selectFrom('batches')
        .select(({ fn }) => fn.coalesce(fn.sum<number>('people'), sql.lit(0)).as('people'))
        .where('attemptedAt', '>=', today)
        .where('attemptedAt', '<', today + DAY),
    }))
    .where('span', '=', DAY_SPAN)
    .where('since', '=', today)
    .execute()
}

/** One row for each day is kept; of what is finer only the last minute is ever asked for. */
export const forgetSlots = (db: Db, before: number) =>
  db.deleteFrom('callCounts').where('span', '=', SLOT).where('since', '<', before).execute()
