import type { Rate } from '@qimeng/contract/rates'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { Refusal } from '../refusal.ts'

/**
 * How often one key (a person, an address) may do something.
 * @param limit at most `times` within `seconds`; `message` is for whoever comes more often
 * @returns counts one time for a key @throws {Refusal} too_many_requests
 */
export function rateLimit({ times, seconds, message }: Rate) {
  const limiter = new RateLimiterMemory({ points: times, duration: seconds })
  return async (key: string): Promise<void> => {
    try {
      await limiter.consume(key)
    } catch (exhausted) {
      const { msBeforeNext } = exhausted as RateLimiterRes
      throw new Refusal('too_many_requests', message, { retryAfter: Math.ceil(msBeforeNext / 1000) })
    }
  }
}

/** Behind the address of an office, or of a proxy that tells nobody's own, everybody may be at once. */
const PEOPLE_BEHIND_AN_ADDRESS = 100

/** The same for calls of an endpoint: a person is counted whatever the address, an address whoever comes from there. */
export function limitCalls(rate: Rate) {
  const person = rateLimit(rate)
  const address = rateLimit({ ...rate, times: rate.times * PEOPLE_BEHIND_AN_ADDRESS })
  return async (userid: string, from: string | undefined): Promise<void> => {
    await person(userid.toLowerCase())
    await address(from ?? '')
  }
}
