import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { Refusal } from '../refusal.ts'

/**
 * How often one key (a person, an address) may do something.
 * @param limit at most `times` within `seconds`; `message` is for whoever comes more often
 * @returns counts one time for a key @throws {Refusal} too_many_requests
 */
export function rateLimit({ times, seconds, message }: { times: number; seconds: number; message: string }) {
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
