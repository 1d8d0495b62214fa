import { readSettings, type Settings, type State, writeSettings } from './state.ts'

export interface Person {
  /** Stable small number; names the phone of a person whose userid cannot be a host name. */
  number: number
  userid: string
  name: string
  position: string
  licensed: number
  /** 1 active, 2 disabled, 4 not activated, 5 left (WECOM.md 4.6). */
  status: number
}

export interface Department {
  id: number
  parentid: number
  name: string
  sort: number
}

export const findPerson = (state: State, userid: string): Person | undefined =>
  state.sql<[string], Person>('SELECT * FROM people WHERE userid = ?').get(userid)

export const findPersonByNumber = (state: State, number: number): Person | undefined =>
  state.sql<[number], Person>('SELECT * FROM people WHERE number = ?').get(number)

export const listPeople = (state: State): Person[] =>
  state.sql<[], Person>('SELECT * FROM people ORDER BY number').all()

export const countPeople = (state: State): number =>
  state.sql<[], { n: number }>('SELECT count(*) n FROM people').get()!.n

/** People whose name or userid contains the words, in corp order. */
export const searchPeople = (state: State, words: string, limit: number): Person[] =>
  state
    .sql<[string, string, number], Person>(
      'SELECT * FROM people WHERE instr(name, ?) OR instr(lower(userid), lower(?)) ORDER BY number LIMIT ?',
    )
    .all(words.trim(), words.trim(), limit)

export const departmentsOf = (state: State, number: number): number[] =>
  state
    .sql<[number], { department: number }>('SELECT department FROM members WHERE number = ? ORDER BY place')
    .all(number)
    .map((row) => row.department)

export const listDepartments = (state: State): Department[] =>
  state.sql<[], Department>('SELECT * FROM departments ORDER BY sort DESC, id').all()

export const findDepartment = (state: State, id: number): Department | undefined =>
  state.sql<[number], Department>('SELECT * FROM departments WHERE id = ?').get(id)

/** Name of the person's main department with its parent, 「华东大区 / 上海南京路店」. */
export function departmentLabel(state: State, number: number): string {
  const main = findDepartment(state, departmentsOf(state, number)[0] ?? 0)
  const parent = main && findDepartment(state, main.parentid)
  return [parent && parent.parentid ? parent.name : undefined, main?.name].filter(Boolean).join(' / ')
}

/** The departments below (and including) the given ones. */
export function withChildren(state: State, roots: Iterable<number>): Set<number> {
  const all = listDepartments(state)
  const found = new Set(all.filter((each) => [...roots].includes(each.id)).map((each) => each.id))
  for (let grew = true; grew;) {
    grew = false
    for (const each of all) {
      if (found.has(each.id) || !found.has(each.parentid)) continue
      found.add(each.id)
      grew = true
    }
  }
  return found
}

export interface Tag {
  id: number
  name: string
  userids: string[]
  parties: number[]
}

export function findTag(state: State, id: number): Tag | undefined {
  const row = state
    .sql<[number], { id: number; name: string; userids: string; parties: string }>('SELECT * FROM tags WHERE id = ?')
    .get(id)
  return row && { ...row, userids: JSON.parse(row.userids) as string[], parties: JSON.parse(row.parties) as number[] }
}

/** Whom a tag holds: its people, and those of its departments with all below. */
export const taggedPeople = (state: State, { userids, parties }: Tag): Person[] => [
  ...userids.flatMap((userid) => findPerson(state, userid) ?? []),
  ...[...withChildren(state, parties)].flatMap((department) => membersOf(state, department)),
]

/** What a tag holds from now on. */
export function changeTag(state: State, { id, userids, parties }: Tag): void {
  state
    .sql('UPDATE tags SET userids = ?, parties = ? WHERE id = ?')
    .run(JSON.stringify(userids), JSON.stringify(parties), id)
  writeSettings(state, {})
}

/** The app's visible range: listed users, listed departments with all below, and tags (WECOM.md 8). */
export interface Range {
  departments: Set<number>
  /** lower-cased */
  users: Set<string>
}

/** Whatever changes departments or tags writes the settings anew: one range for each object of settings. */
const ranges = new WeakMap<Settings, Range>()

export function visibleRange(state: State): Range {
  const settings = readSettings(state)
  const range = ranges.get(settings) ?? computeRange(state, settings)
  ranges.set(settings, range)
  return range
}

function computeRange(state: State, { visible: { users, parties, tags } }: Settings): Range {
  const seen = tags.flatMap((id) => findTag(state, id) ?? [])
  return {
    departments: withChildren(state, [...parties, ...seen.flatMap((tag) => tag.parties)]),
    users: new Set([...users, ...seen.flatMap((tag) => tag.userids)].map((userid) => userid.toLowerCase())),
  }
}

export const inRange = (state: State, range: Range, person: Person): boolean =>
  range.users.has(person.userid.toLowerCase()) ||
  departmentsOf(state, person.number).some((department) => range.departments.has(department))

export const membersOf = (state: State, department: number): Person[] =>
  state
    .sql<[number], Person>(
      'SELECT people.* FROM members JOIN people USING (number) WHERE department = ? ORDER BY people.number',
    )
    .all(department)

export const everybodyInRange = (state: State): Person[] => {
  const range = visibleRange(state)
  return listPeople(state).filter((person) => inRange(state, range, person))
}

/** Adds a person to departments; the userid must be free. */
export function addPerson(
  state: State,
  person: { userid: string; name: string; position?: string; departments: number[]; licensed?: boolean },
): void {
  const { lastInsertRowid } = state
    .sql('INSERT INTO people (userid, name, position, licensed) VALUES (?, ?, ?, ?)')
    .run(person.userid, person.name, person.position ?? '', person.licensed === false ? 0 : 1)
  const join = state.sql('INSERT INTO members VALUES (?, ?, ?)')
  person.departments.forEach((department, place) => join.run(department, lastInsertRowid, place))
}

/** Where a phone's contents name their owner. */
const PHONE_TABLES = ['deliveries', 'phones', 'cookies', 'pictures', 'moments', 'codes']

/** The corp's administrator gives a person another userid; it is the same person with the same phone. */
export function renamePerson(state: State, { number, userid }: Person, newUserid: string): void {
  state.sql('UPDATE people SET userid = ? WHERE number = ?').run(newUserid, number)
  for (const table of PHONE_TABLES)
    state.sql(`UPDATE ${table} SET userid = ? WHERE userid = ? COLLATE NOCASE`).run(newUserid, userid)
  const renamed = (userids: string[]) =>
    userids.map((each) => (each.toLowerCase() === userid.toLowerCase() ? newUserid : each))
  for (const tag of state.sql<[], { id: number; userids: string }>('SELECT id, userids FROM tags').all()) {
    const userids = JSON.stringify(renamed(JSON.parse(tag.userids) as string[]))
    state.sql('UPDATE tags SET userids = ? WHERE id = ?').run(userids, tag.id)
  }
  const { visible } = readSettings(state)
  writeSettings(state, { visible: { ...visible, users: renamed(visible.users) } })
}

/** Somebody left the company: the userid is gone from every list. Messages and phone contents stay on record. */
export function removePerson(state: State, userid: string): void {
  const person = findPerson(state, userid)
  if (!person) return
  state.sql('DELETE FROM members WHERE number = ?').run(person.number)
  state.sql('DELETE FROM people WHERE number = ?').run(person.number)
}
