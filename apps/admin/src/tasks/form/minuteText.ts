import { parseShanghai } from '@qimeng/contract/time'

/** What somebody typed as a time: a minute (epoch ms), nothing at all, or why it is no minute. */
export type TypedMinute = { minute: number | null } | { problem: string }

const DATE = String.raw`(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})`
const DAY_ONLY = new RegExp(`^${DATE}$`)
const DAY_AND_TIME = new RegExp(String.raw`^${DATE}\s+(\d{1,2})[:：](\d{2})$`)

const two = (digits = ''): string => digits.padStart(2, '0')

/** Reads a minute as people write it. A day alone is no minute: nobody means midnight by leaving the time out. */
export function readMinute(text: string): TypedMinute {
  const typed = text.trim()
  if (typed === '') return { minute: null }
  if (DAY_ONLY.test(typed)) return { problem: `「${typed}」没有时间，请选择时间` }
  const [, year, month, day, hour, minute] = DAY_AND_TIME.exec(typed) ?? []
  const read = year && parseShanghai(`${year}-${two(month)}-${two(day)} ${two(hour)}:${minute}`)
  return read ? { minute: read } : { problem: `「${typed}」不是有效的时间，请按 2026-11-25 09:30 的格式填写` }
}
