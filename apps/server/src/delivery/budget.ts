import { DAY, MINUTE, startOfShanghaiDay } from '@qimeng/contract/time'
import type { Db } from '../parts.ts'

/** Calls a minute: half of what WeCom grants a corp for any one API; for message/send it names no number (WECOM.md 1.3). */
const CALLS = 5_000
/** Messages a calendar day for each account of the corp (WECOM.md 1.3). */
const DAILY_PER_ACCOUNT = 200
/** Who was over a limit of so-and-so many calls a minute (45009) is refused for a minute, whatever he calls with. */
const TOO_FAST = 45009

/**
 * When the app may make another call for so many people: now, or the moment its budget opens. Reckoned from the ledger,
 * which knows a call before it is made, so that a restart forgets none.
 */
export async function appBudgetOpensAt(trx: Db, people: number, now: number): Promise<number> {
  const waits = [await callsOpenAt(trx, now), await penaltyEndsAt(trx, now), await dayOpensAt(trx, people, now)]
  return Math.max(now, ...waits)
}

async function callsOpenAt(db: Db, now: number): Promise<number> {
  const oldest = await db
    .selectFrom('batches')
    .select('attemptedAt')
    .where('attemptedAt', '>', now - MINUTE)
    .orderBy('attemptedAt', 'desc')
    .offset(CALLS - 1)
    .limit(1)
    .executeTakeFirst()
  return oldest ? oldest.attemptedAt! + MINUTE + 1 : now
}

/** One refusal tells for all: hundreds of waiting batches that each find out for themselves would prolong the block. */
async function penaltyEndsAt(db: Db, now: number): Promise<number> {
  const { latest } = await db
    .selectFrom('batches')
    .select(({ fn }) => fn.max('attemptedAt').as('latest'))
    .where('attemptedAt', '>', now - MINUTE)
    .where('attemptedAt', '<=', now)
    .where('state', '=', 'ready')
    .where('errcode', '=', TOO_FAST)
    .executeTakeFirstOrThrow()
  return latest === null ? now : Number(latest) + MINUTE + 1
}

/**
 * WeCom does not tell how many accounts the corp has, but those we know of are among them: their share is ours for
 * certain, and more than any company sends.
 */
async function dayOpensAt(db: Db, people: number, now: number): Promise<number> {
  const today = startOfShanghaiDay(now)
  const { sum } = await db
    .selectFrom('batches')
    .select(({ fn }) => fn.sum<number | null>('people').as('sum'))
    .where('attemptedAt', '>=', today)
    .where('state', 'in', ['sending', 'sent', 'unknown'])
    .executeTakeFirstOrThrow()
  const used = Number(sum ?? 0) + people
  // These people have accounts themselves, so mostly nobody else needs to be counted.
  if (used <= people * DAILY_PER_ACCOUNT) return now
  const directory = await db
    .selectFrom('directorySyncs')
    .select('people')
    .where('finishedAt', 'is not', null)
    .where('error', 'is', null)
    .orderBy('finishedAt', 'desc')
    .executeTakeFirst()
  return used <= Math.max(people, directory?.people ?? 0) * DAILY_PER_ACCOUNT ? now : today + DAY
}
