import type { SendScope, TaskState } from '@qimeng/contract/limits'
import { SEND_SCOPE_LABEL, TASK_STATE_LABEL } from '@qimeng/contract/limits'
import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import { queryReader, wholeDays } from '../../ui/address.ts'

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

/** Reads an address somebody may have typed: what makes no sense counts as absent. */
export function readFilters(query: LocationQuery): TaskFilters {
  const { text, oneOf, day } = queryReader(query)
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

/** The filters as the server takes them. */
export function toListQuery({ keyword, state, scope, sort, cursor, ...days }: TaskFilters) {
  const { from, to } = wholeDays(days)
  return { keyword: keyword || undefined, state, scope, createdFrom: from, createdTo: to, sort, cursor }
}

export const isFiltered = ({ keyword, state, scope, from, to }: TaskFilters): boolean =>
  Boolean(keyword || state || scope || from || to)
