import type { Rate } from '@qimeng/contract/rates'
import { CompiledQuery } from 'kysely'
import { RateLimiterMemory, RateLimiterPostgres, type RateLimiterRes } from 'rate-limiter-flexible'
import { isPostgres } from '../db/open.ts'
import type { Db, Parts } from '../parts.ts'
import { Refusal } from '../refusal.ts'
import { networkOf } from './network.ts'

/** Where the counts are: in memory beside an SQLite file, which has one process, and in PostgreSQL for all its processes. */
export type LimitParts = Pick<Parts, 'config' | 'db'>

/**
 * How often one key (a person, an address) may do something.
 * @param name tells these counts from others @param limit at most `times` within `seconds`, and what came too often
 * @returns counts one time for a key @throws {Refusal} too_many_requests
 */
export function rateLimit(parts: LimitParts, name: string, { times, seconds, message }: Rate) {
  const limiter = isPostgres(parts.config.databaseUrl)
    ? sharedLimiter(parts.db, { keyPrefix: name, points: times, duration: seconds })
    : new RateLimiterMemory({ keyPrefix: name, points: times, duration: seconds })
  return async (key: string): Promise<void> => {
    try {
      await limiter.consume(key)
    } catch (exhausted) {
      if (exhausted instanceof Error) throw exhausted
      const retryAfter = Math.ceil((exhausted as RateLimiterRes).msBeforeNext / 1000)
      throw new Refusal('too_many_requests', `${message}，请 ${inWords(retryAfter)}后再试`, { retryAfter })
    }
  }
}

/** One statement for each time; a key that has used up its times is not asked about again before they come back. */
const sharedLimiter = (db: Db, limit: { keyPrefix: string; points: number; duration: number }) =>
  new RateLimiterPostgres({
    ...limit,
    inMemoryBlockOnConsumed: limit.points + 1,
    storeType: 'pool',
    storeClient: clientOf(db),
    tableName: 'rate_limits',
    // By the migrations; emptied by the housekeeping.
    tableCreated: true,
    clearExpiredByTimeout: false,
  })

/** The database as the library asks it. */
const clientOf = (db: Db) => ({
  query: ({ text, values }: { text: string; values: unknown[] }) => db.executeQuery(CompiledQuery.raw(text, values)),
})

const inWords = (seconds: number) => (seconds <= 90 ? `${seconds} 秒` : `${Math.ceil(seconds / 60)} 分钟`)

/** Behind the address of an office, or of a proxy that tells nobody's own, everybody may be at once. */
const PEOPLE_BEHIND_AN_ADDRESS = 100

/** The same for calls of an endpoint: a person is counted whatever the address, an address whoever comes from there. */
export function limitCalls(parts: LimitParts, name: string, rate: Rate) {
  const person = rateLimit(parts, `${name} person`, rate)
  const address = rateLimit(parts, `${name} address`, { ...rate, times: rate.times * PEOPLE_BEHIND_AN_ADDRESS })
  return async (userid: string, from: string | undefined): Promise<void> => {
    await person(userid.toLowerCase())
    await address(networkOf(from))
  }
}
