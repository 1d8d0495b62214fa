import { DAY, MINUTE, startOfShanghaiDay } from '@qimeng/contract/time'
import type { Db } from '../parts.ts'
import { callsAtMost, countDayAnew } from './call-counts.ts'

export interface Limits {
  /** Calls a minute. */
  calls: number
  /** Messages a calendar day for each account of the corp. */
  dailyPerAccount: number
}

/** WECOM.md 1.3. Of calls half of what WeCom grants a corp for any one API; for message/send it names no number. */
const LIMITS: Limits = { calls: 5_000, dailyPerAccount: 200 }

/**
 * When the app may make another call for so many people: now, or the moment its budget opens. Reckoned from the ledger,
 * which knows a call before it is made, so that a restart forgets none. The ledger itself is asked only where the counts of its
 * calls, which are never too low, leave it open (docs/decisions/0028).
 */
export async function appBudgetOpensAt(trx: Db, people: number, now: number, limits = LIMITS): Promise<number> {
  const atMost = await callsAtMost(trx, now)
  // One refusal tells for all: hundreds of waiting batches that each find out for themselves would prolong the block.
  let opensAt = atMost.tooFastAt === null ? now : atMost.tooFastAt + MINUTE + 1
  if (atMost.calls >= limits.calls) opensAt = Math.max(opensAt, await callsOpenAt(trx, limits.calls, now))
  // WeCom does not tell how many accounts the corp has, but those we know of are among them, and so are these people: their
  // share is ours for certain, and more than any company sends.
  const left = Math.max(people, atMost.company) * limits.dailyPerAccount - people
  if (atMost.people > left) opensAt = Math.max(opensAt, await dayOpensAt(trx, left, now))
  return opensAt
}

async function callsOpenAt(db: Db, limit: number, now: number): Promise<number> {
  const oldest = await db
    .selectFrom('batches')
    .select('attemptedAt')
    .where('attemptedAt', '>', now - MINUTE)
    .orderBy('attemptedAt', 'desc')
    .offset(limit - 1)
    .limit(1)
    .executeTakeFirst()
  return oldest ? oldest.attemptedAt! + MINUTE + 1 : now
}

/** @param left how many people others may have been written to for these to be written to as well */
async function dayOpensAt(trx: Db, left: number, now: number): Promise<number> {
  const today = startOfShanghaiDay(now)
  const { sum } = await trx
    .selectFrom('batches')
    .select(({ fn }) => fn.sum<number | null>('people').as('sum'))
    .where('attemptedAt', '>=', today)
    .where('state', 'in', ['sending', 'sent', 'unknown'])
    .executeTakeFirstOrThrow()
  if (Number(sum ?? 0) > left) return today + DAY
  await countDayAnew(trx, now)
  return now
}
