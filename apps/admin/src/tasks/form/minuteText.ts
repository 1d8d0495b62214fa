import { formatShanghai, MINUTE, parseShanghai, shanghaiParts } from '@qimeng/contract/time'

/** What somebody typed as a time: a minute (epoch ms), nothing at all, or why it is no minute. */
export type TypedMinute = { minute: number | null } | { problem: string }

const DATE = String.raw`(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})`
const DAY_ONLY = new RegExp(`^${DATE}$`)
const DAY_AND_HOUR = new RegExp(String.raw`^${DATE}\s+\d{1,2}[:：]?$`)
const DAY_AND_TIME = new RegExp(String.raw`^${DATE}\s+(\d{1,2})[:：](\d{2})$`)

const two = (digits: string | number = ''): string => String(digits).padStart(2, '0')

/** Reads a minute as people write it. A day alone is no minute: nobody means midnight by leaving the time out. */
export function readMinute(text: string): TypedMinute {
  const typed = text.trim()
  if (typed === '') return { minute: null }
  if (DAY_ONLY.test(typed)) return { problem: `「${typed}」没有时间，请选择时间` }
  if (DAY_AND_HOUR.test(typed)) return { problem: `「${typed}」没有分钟，请选择分钟` }
  const [, year, month, day, hour, minute] = DAY_AND_TIME.exec(typed) ?? []
  const read = year && parseShanghai(`${year}-${two(month)}-${two(day)} ${two(hour)}:${minute}`)
  return read ? { minute: read } : { problem: `「${typed}」不是有效的时间，请按 2026-11-25 09:30 的格式填写` }
}

/** What the calendar and the clock have been given so far. `day` as `2026-11-25`. */
export interface MinuteParts {
  day?: string
  hour?: number
  minute?: number
}

/** The parts of what stands in the field; what cannot be read there has none. */
export function partsOf(text: string): MinuteParts {
  const read = readMinute(text.trim())
  if ('minute' in read && read.minute !== null) {
    const { hour, minute } = shanghaiParts(read.minute)
    return { day: formatShanghai(read.minute).slice(0, 10), hour, minute }
  }
  const [, day, hour] = /^(\d{4}-\d\d-\d\d)(?: (\d\d))?$/.exec(text.trim()) ?? []
  if (!day || parseShanghai(`${day} 00:00`) === undefined) return {}
  return hour === undefined ? { day } : { day, hour: Number(hour) }
}

/** As far as they go: `2026-11-25`, `2026-11-25 09`, `2026-11-25 09:30`. A minute without its hour waits for it. */
export function writeParts({ day = '', hour, minute }: MinuteParts): string {
  if (hour === undefined) return day
  return minute === undefined ? `${day} ${two(hour)}` : `${day} ${two(hour)}:${two(minute)}`
}

/** How far (ms) from the full and the half hour a push has the road to itself. */
const ASIDE = 3 * MINUTE

/**
 * At minute 0 and 30 everybody sends, and WeCom asks not to (WECOM.md 3.1).
 * @returns a quieter minute close by, when this is one of those
 */
export function quieterMinute(at: number): number | undefined {
  return shanghaiParts(at).minute % 30 === 0 ? at + ASIDE : undefined
}
