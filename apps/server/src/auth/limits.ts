import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { Refusal } from '../refusal.ts'

/**
 * Flooding, not guessing, is what these stop: states and codes are beyond guessing. A whole office opens its cards in the
 * same minute from one address, so an address may do much more than a person.
 */
export const loginLimits = () => {
  const perAddress = new RateLimiterMemory({ points: 1200, duration: 60 })
  const perPerson = new RateLimiterMemory({ points: 30, duration: 600 })
  return {
    address: (address: string | undefined) => spend(perAddress, address ?? ''),
    person: (userid: string) => spend(perPerson, userid.toLowerCase()),
  }
}

async function spend(limiter: RateLimiterMemory, key: string) {
  try {
    await limiter.consume(key)
  } catch (exhausted) {
    const { msBeforeNext } = exhausted as RateLimiterRes
    throw new Refusal('too_many_requests', '登录过于频繁，请稍后再试', { retryAfter: Math.ceil(msBeforeNext / 1000) })
  }
}
