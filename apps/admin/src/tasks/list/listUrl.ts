import type { SendScope, TaskState } from '@qimeng/contract/limits'
import { SEND_SCOPE_LABEL, TASK_STATE_LABEL } from '@qimeng/contract/limits'
import { DAY, parseShanghai } from '@qimeng/contract/time'
import type { LocationQuery, LocationQueryRaw } from 'vue-router'

/** What the list shows, as the address holds it. Days are Shanghai days, `2026-11-25`. */
export interface TaskFilters {
  keyword: string
  state: TaskState | undefined
  scope: SendScope | undefined
  from: string | undefined
  to: string | undefined
  sort: 'newest' | 'oldest'
  cursor: string | undefined
}

const isDay = (text: string): boolean => parseShanghai(`${text} 00:00`) !== undefined

/** Reads an address somebody may have typed: what makes no sense counts as absent. */
export function readFilters(query: LocationQuery): TaskFilters {
  const text = (name: string): string => (typeof query[name] === 'string' ? query[name] : '')
  const oneOf = <Name extends string>(name: string, known: Record<Name, string>): Name | undefined =>
    Object.hasOwn(known, text(name)) ? (text(name) as Name) : undefined
  const day = (name: string) => (isDay(text(name)) ? text(name) : undefined)
  return {
    keyword: text('keyword'),
    state: oneOf('state', TASK_STATE_LABEL),
    scope: oneOf('scope', SEND_SCOPE_LABEL),
    from: day('from'),
    to: day('to'),
    sort: text('sort') === 'oldest' ? 'oldest' : 'newest',
    cursor: text('cursor') || undefined,
  }
}

/** The shortest address that `readFilters` reads back as these filters. */
export function writeFilters(filters: TaskFilters): LocationQueryRaw {
  const { keyword, sort, ...rest } = filters
  const query = { keyword: keyword || undefined, ...rest, sort: sort === 'newest' ? undefined : sort }
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
}

/** The filters as the server takes them: whole days become the moments they begin and end. */
export function toListQuery({ keyword, state, scope, from, to, sort, cursor }: TaskFilters) {
  const start = (day: string) => parseShanghai(`${day} 00:00`)!
  return {
    keyword: keyword || undefined,
    state,
    scope,
    createdFrom: from && start(from),
    createdTo: to && start(to) + DAY - 1,
    sort,
    cursor,
  }
}

export const isFiltered = ({ keyword, state, scope, from, to }: TaskFilters): boolean =>
  Boolean(keyword || state || scope || from || to)
