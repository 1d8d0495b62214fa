import {
  everybodyInRange,
  findPerson,
  findTag,
  inRange,
  membersOf,
  taggedPeople,
  visibleRange,
  withChildren,
  type Person,
} from '../state/people.ts'
import { readSettings, type State } from '../state/state.ts'
import { WecomError } from './errors.ts'

export interface Recipients {
  people: Person[]
  invaliduser: string[]
  invalidparty: string[]
  invalidtag: string[]
  unlicenseduser: string[]
}

/** Who gets a message, and who cannot (WECOM.md 3.1). Throws 81013 when nobody is left. */
export function findRecipients(state: State, body: Record<string, unknown>): Recipients {
  const users = items(body.touser)
  const parties = items(body.toparty)
  const tags = items(body.totag)
  if (users.length + parties.length + tags.length === 0) throw new WecomError(82001, 'not specify user & party & tag')
  if (users.length > 1000) throw new WecomError(40032, 'invalid user list size')
  if (parties.length > 100) throw new WecomError(82002, 'invalid party list size')
  if (tags.length > 100) throw new WecomError(82003, 'invalid tag list size')

  const all = users.includes('@all')
  const found = all ? { ...nobody(), people: everybodyInRange(state) } : resolve(state, users, parties, tags)
  const { people, ...invalid } = withoutUnlicensed(found)
  if (people.length === 0) throw new WecomError(81013, 'user & party & tag all invalid', joined(invalid))
  return { people, ...invalid }
}

/** The lists as the reply carries them: joined by `|`, userids lower-cased. */
export const joined = (lists: Omit<Recipients, 'people'>): Record<string, string> =>
  Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.join('|').toLowerCase()]))

const nobody = (): Recipients => ({ people: [], invaliduser: [], invalidparty: [], invalidtag: [], unlicenseduser: [] })

const items = (value: unknown): string[] =>
  typeof value === 'string'
    ? value
        .split('|')
        .map((each) => each.trim())
        .filter(Boolean)
    : []

function resolve(state: State, users: string[], parties: string[], tags: string[]): Recipients {
  const range = visibleRange(state)
  const found = nobody()
  const people = new Map<number, Person>()
  const add = (person: Person) => people.set(person.number, person)
  for (const userid of users) {
    const person = findPerson(state, userid)
    if (person && inRange(state, range, person)) add(person)
    else found.invaliduser.push(userid)
  }
  for (const party of parties) {
    if (!range.departments.has(Number(party))) found.invalidparty.push(party)
    else for (const id of withChildren(state, [Number(party)])) membersOf(state, id).forEach(add)
  }
  for (const id of tags) {
    const tag = findTag(state, Number(id))
    if (!tag || !readSettings(state).visible.tags.includes(tag.id)) found.invalidtag.push(id)
    else taggedPeople(state, tag).forEach(add)
  }
  return { ...found, people: [...people.values()] }
}

function withoutUnlicensed(found: Recipients): Recipients {
  const unlicensed = found.people.filter((person) => !person.licensed)
  return {
    ...found,
    people: found.people.filter((person) => person.licensed),
    unlicenseduser: unlicensed.map((person) => person.userid),
  }
}
