/** WeCom's frequency limits (WECOM.md 1.3), 5.2 for tickets. */
export interface Limits {
  /** Each API, for the corp and for the caller's address. message/send is not counted there. */
  corpPerMinute: number
  corpPerHour: number
  ipPerMinute: number
  ipPerHour: number
  /** Messages of the app to one member; the excess is dropped without a word. */
  memberPerMinute: number
  memberPerHour: number
  /** Deliveries of the app a day; 0: the account cap × 200. */
  deliveriesPerDay: number
  /** Each of the two tickets, for the app and for the corp. */
  ticketsPerHour: number
  corpTicketsPerHour: number
  /** uploadimg */
  permanentPerDay: number
  permanentPerMonth: number
  /** After so many wrong secrets an address may not ask for tokens for an hour; no source gives the number. */
  wrongSecrets: number
}

export const LIMITS: Limits = {
  corpPerMinute: 10_000,
  corpPerHour: 150_000,
  ipPerMinute: 20_000,
  ipPerHour: 600_000,
  memberPerMinute: 30,
  memberPerHour: 1000,
  deliveriesPerDay: 0,
  ticketsPerHour: 100,
  corpTicketsPerHour: 400,
  permanentPerDay: 1000,
  permanentPerMonth: 3000,
  wrongSecrets: 20,
}

/** What a counter of State holds. */
export interface Count {
  since: number
  used: number
  blockedUntil: number
}
