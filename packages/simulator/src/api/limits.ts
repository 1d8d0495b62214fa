import { countPeople } from '../state/people.ts'
import { readSettings, type State } from '../state/state.ts'
import { WecomError } from './errors.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Uses up some of an allowance; 45009 once it is spent, and for as long as the period is (WECOM.md 1.3). */
function spend(state: State, what: string, period: number, limit: number, amount = 1): void {
  const now = state.now()
  const name = `${what}/${period}`
  const known = state.counts.get(name)
  const count = known && now - known.since < period ? known : { since: now, used: 0, blockedUntil: 0 }
  count.blockedUntil = Math.max(count.blockedUntil, known?.blockedUntil ?? 0)
  state.counts.set(name, count)
  if (count.blockedUntil <= now && count.used + amount <= limit) count.used += amount
  else {
    if (count.blockedUntil <= now) count.blockedUntil = now + period
    throw new WecomError(45009, 'api freq out of limit')
  }
}

/** Exempt by WECOM.md 1.3: message/send, which has limits of its own, and a login, where people wait. */
const UNCOUNTED = ['/cgi-bin/message/send', '/cgi-bin/auth/getuserinfo']

export function countCall(state: State, path: string, ip: string): void {
  if (UNCOUNTED.includes(path)) return
  const { corpPerMinute, corpPerHour, ipPerMinute, ipPerHour } = readSettings(state).limits
  spend(state, `corp ${path}`, MINUTE, corpPerMinute)
  spend(state, `corp ${path}`, HOUR, corpPerHour)
  spend(state, `${ip} ${path}`, MINUTE, ipPerMinute)
  spend(state, `${ip} ${path}`, HOUR, ipPerHour)
}

export function countDeliveries(state: State, amount: number): void {
  // A corp's account cap is what it has been granted: at least a verified corp's thousand.
  const cap = readSettings(state).limits.deliveriesPerDay || Math.max(1000, countPeople(state)) * 200
  spend(state, 'deliveries', DAY, cap, amount)
}

export function countTicket(state: State, kind: string): void {
  const { ticketsPerHour, corpTicketsPerHour } = readSettings(state).limits
  spend(state, `${kind} ticket of the app`, HOUR, ticketsPerHour)
  spend(state, `${kind} ticket of the corp`, HOUR, corpTicketsPerHour)
}

export function countPermanentPicture(state: State): void {
  const { permanentPerDay, permanentPerMonth } = readSettings(state).limits
  spend(state, 'uploadimg', DAY, permanentPerDay)
  spend(state, 'uploadimg', 30 * DAY, permanentPerMonth)
}

/** Throws 45009 instead of telling once more that the secret is wrong. */
export const countWrongSecret = (state: State, ip: string): void =>
  spend(state, `wrong secrets of ${ip}`, HOUR, readSettings(state).limits.wrongSecrets)

/** Whether an address has tried too many secrets: not even the right one is taken then. */
export function refuseBanned(state: State, ip: string): void {
  const count = state.counts.get(`wrong secrets of ${ip}/${HOUR}`)
  if (count && count.blockedUntil > state.now()) throw new WecomError(45009, 'api freq out of limit')
}
