import { networkOf } from '../http/network.ts'
import { type LimitParts, rateLimit } from '../http/rate-limit.ts'

const message = '登录过于频繁'

/**
 * Flooding, not guessing, is what these stop: states and codes are beyond guessing. A whole office opens its cards in the
 * same minute from one address, so an address may do much more than a person.
 */
export const loginLimits = (parts: LimitParts) => {
  const perAddress = rateLimit(parts, 'login address', { times: 1200, seconds: 60, message })
  const perPerson = rateLimit(parts, 'login person', { times: 30, seconds: 600, message })
  return {
    address: (address: string | undefined) => perAddress(networkOf(address)),
    person: (userid: string) => perPerson(userid.toLowerCase()),
  }
}
