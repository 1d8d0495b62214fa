// Times are epoch milliseconds, and people read them in Asia/Shanghai wherever server and browser stand. China has had no
// summer time since 1991, so a fixed UTC+8 is exact for every time this product meets and asks no time zone database.

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

const SHANGHAI_AHEAD = 8 * HOUR

export interface ShanghaiParts {
  year: number
  /** 1–12 */
  month: number
  day: number
  hour: number
  minute: number
  second: number
  /** 0 is Sunday. */
  weekday: number
}

/** What a calendar and a clock in Shanghai show at that moment. */
export function shanghaiParts(ms: number): ShanghaiParts {
  const date = new Date(ms + SHANGHAI_AHEAD)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
  }
}

const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0')

/** Cuts off seconds: a push is meant for a minute, and the current minute is not in the past. */
export function startOfMinute(ms: number): number {
  return Math.floor(ms / MINUTE) * MINUTE
}

/** Midnight in Shanghai before that moment. */
export function startOfShanghaiDay(ms: number): number {
  return Math.floor((ms + SHANGHAI_AHEAD) / DAY) * DAY - SHANGHAI_AHEAD
}

/** `2026-11-25 09:30` */
export function formatShanghai(ms: number): string {
  const { year, month, day, hour, minute } = shanghaiParts(ms)
  return `${pad(year, 4)}-${pad(month)}-${pad(day)} ${pad(hour)}:${pad(minute)}`
}

/** Reads exactly what `formatShanghai` writes; a minute no calendar has (31 February, 24:00) is `undefined`. */
export function parseShanghai(text: string): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d)$/.exec(text)
  if (!match) return undefined
  const [year, month, day, hour, minute] = match.slice(1).map(Number) as [number, number, number, number, number]
  const ms = Date.UTC(year, month - 1, day, hour, minute) - SHANGHAI_AHEAD
  // Date.UTC carries 31 February over into March (and takes the year 50 for 1950); writing it again shows that.
  return formatShanghai(ms) === text ? ms : undefined
}

const NEAR_DAYS = new Map([
  [-1, '昨天'],
  [0, '今天'],
  [1, '明天'],
])

/** As short as stays clear beside `now`: 「今天 14:05」「11月25日 09:30」「2025年11月25日 09:30」. */
export function describeMoment(ms: number, now: number): string {
  const { year, month, day, hour, minute } = shanghaiParts(ms)
  const clock = `${pad(hour)}:${pad(minute)}`
  const near = NEAR_DAYS.get(dayNumber(ms) - dayNumber(now))
  if (near) return `${near} ${clock}`
  const date = `${month}月${day}日 ${clock}`
  return year === shanghaiParts(now).year ? date : `${year}年${date}`
}

const dayNumber = (ms: number): number => Math.floor((ms + SHANGHAI_AHEAD) / DAY)
