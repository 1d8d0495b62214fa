import { AUDIT_LABEL, type AuditAction } from '@qimeng/contract/audit'
import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import { queryReader, wholeDays } from '../ui/address.ts'

/** What of the audit log is shown, as the address holds it. */
export interface DeedFilters {
  actor: string | undefined
  action: AuditAction | undefined
  from: string | undefined
  to: string | undefined
  cursor: string | undefined
}

export const NO_FILTERS = { actor: undefined, action: undefined, from: undefined, to: undefined }

/** Longer is no userid, and the server would refuse it. */
const MOST = 64

export function readFilters(query: LocationQuery): DeedFilters {
  const { text, oneOf, day } = queryReader(query)
  return {
    actor: text('actor').slice(0, MOST) || undefined,
    action: oneOf('action', AUDIT_LABEL),
    from: day('from'),
    to: day('to'),
    cursor: text('cursor') || undefined,
  }
}

/** The shortest address that `readFilters` reads back as these filters. */
export const writeFilters = (filters: DeedFilters): LocationQueryRaw =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))

/** The filters as the server takes them. */
export const toQuery = ({ actor, action, cursor, ...days }: DeedFilters) => ({
  actor,
  action,
  cursor,
  ...wholeDays(days),
})

export const isFiltered = ({ actor, action, from, to }: DeedFilters): boolean => Boolean(actor || action || from || to)
