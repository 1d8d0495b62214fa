import { monotonicFactory } from 'ulid'

const next = monotonicFactory()

/** A sortable random id: 26 characters of a–z and 0–9, ids made by one process are strictly ascending. */
export function newId(): string {
  return next().toLowerCase()
}
