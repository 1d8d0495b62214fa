import { DAY, parseShanghai } from '@qimeng/contract/time'
import type { LocationQuery } from 'vue-router'

/** Reads an address somebody may have typed: what makes no sense counts as absent. Days are Shanghai days, `2026-11-25`. */
export function queryReader(query: LocationQuery) {
  const text = (name: string): string => (typeof query[name] === 'string' ? query[name] : '')
  return {
    text,
    oneOf: <Name extends string>(name: string, known: Record<Name, string>): Name | undefined =>
      Object.hasOwn(known, text(name)) ? (text(name) as Name) : undefined,
    day: (name: string): string | undefined => (isDay(text(name)) ? text(name) : undefined),
  }
}

const startOf = (day: string) => parseShanghai(`${day} 00:00`)
const isDay = (text: string): boolean => startOf(text) !== undefined

/** Whole days as the moments they begin and end. */
export function wholeDays({ from, to }: { from: string | undefined; to: string | undefined }) {
  return { from: from && startOf(from), to: to && startOf(to)! + DAY - 1 }
}
