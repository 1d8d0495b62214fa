import { findPerson, findPersonByNumber, type Person } from '../state/people.ts'
import type { State } from '../state/state.ts'

const BY_NUMBER = /^p\d+$/

/**
 * The host label of a person's phone: the userid where it may stand in a host name, else `p<number>` (capitals, `_`, `@`,
 * `.` are legal in userids but not in host labels, or are not kept by browsers).
 */
export function phoneLabel(person: Person): string {
  const legal = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(person.userid)
  return legal && !BY_NUMBER.test(person.userid) ? person.userid : `p${person.number}`
}

/** The phone's origin, `http://zhangsan.localhost:3001`. Its own host, because cookies ignore ports. */
export const phoneOrigin = (state: State, person: Person): string =>
  state.url.replace('//localhost', `//${phoneLabel(person)}.localhost`)

/** Whose phone a Host header names; undefined for the simulator's own host. */
export function phoneOwner(state: State, host: string | undefined): Person | undefined {
  const label = /^([^.:]+)\.localhost(?::\d+)?$/.exec(host ?? '')?.[1]?.toLowerCase()
  if (!label) return undefined
  return BY_NUMBER.test(label) ? findPersonByNumber(state, Number(label.slice(1))) : findPerson(state, label)
}

/** Is this a phone's host at all, even of nobody? */
export const isPhoneHost = (host: string | undefined): boolean => /^[^.:]+\.localhost(?::\d+)?$/.test(host ?? '')
