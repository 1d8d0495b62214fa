import { clearFaults } from '../api/faults.ts'
import { addPerson } from '../state/people.ts'
import { seededRandom } from '../state/random.ts'
import { TABLES } from '../state/schema.ts'
import { forgetSettings, readSettings, writeSettings, type State } from '../state/state.ts'
import * as tree from './departments.ts'
import { FIXED_PEOPLE, GIVEN_NAMES, SURNAMES } from './names.ts'

/** Stores stay this small, so that a corp of 100,000 has thousands of departments, as real chains do. */
const STORE_SIZE = 40

/** Empties the simulator completely and seeds a corp of that many people. Deterministic: same size, same corp. */
export function resetCorp(state: State, people: number): void {
  // The corp is new, but it is the same installation of the app that listens to it.
  const { callback } = readSettings(state)
  state.db.transaction(() => {
    for (const table of TABLES) state.db.exec(`DELETE FROM ${table}`)
    state.db.exec(
      "DELETE FROM sqlite_sequence WHERE name IN ('people', 'calls', 'deliveries', 'moments', 'faults', 'callbacks')",
    )
    forgetSettings(state)
    clearFaults(state)
    state.counts.clear()
    seedCorp(state, people)
    writeSettings(state, { callback })
  })()
}

export function seedCorp(state: State, people: number): void {
  const departments = seedDepartments(state, people)
  const ids = new Map(departments.map((each) => [each.name, each.id]))
  for (const person of FIXED_PEOPLE) {
    addPerson(state, { ...person, departments: person.departments.map((name) => ids.get(name)!) })
  }

  const random = seededRandom(20240601)
  const taken = new Set(FIXED_PEOPLE.map((person) => person.userid.toLowerCase()))
  const names = new Set(FIXED_PEOPLE.map((person) => person.name))
  const workplaces = departments.filter((each) => each.staffed)
  for (let i = FIXED_PEOPLE.length; i < people; i++) {
    const place = workplaces[i % workplaces.length]!
    const { name, pinyin } = someName(random, names)
    const positions = place.office ? tree.OFFICE_POSITIONS : tree.STORE_POSITIONS
    const position = positions[Math.floor(i / workplaces.length) % positions.length]!
    addPerson(state, { userid: freeUserid(pinyin, taken), name, position, departments: [place.id] })
  }

  state.db
    .prepare('INSERT INTO tags VALUES (?, ?, ?, ?)')
    .run(1, '朋友圈种子员工', JSON.stringify(['zhangsan', 'wangwu', 'guwen-03']), '[]')
  writeSettings(state, {
    visible: {
      users: ['linjianguo'],
      parties: departments.filter((each) => each.region).map((each) => each.id),
      tags: [1],
    },
  })
}

interface SeededDepartment {
  id: number
  name: string
  region: boolean
  staffed: boolean
  office: boolean
}

function seedDepartments({ db }: State, people: number): SeededDepartment[] {
  const insert = db.prepare('INSERT INTO departments VALUES (?, ?, ?, ?)')
  const seeded: SeededDepartment[] = []
  const add = (name: string, parentid: number, kind: Partial<SeededDepartment> = {}) => {
    const id = seeded.length + 1
    // WeCom sorts by `order`, larger first.
    insert.run(id, parentid, name, 100_000 - id)
    seeded.push({ id, name, region: false, staffed: false, office: false, ...kind })
    return id
  }
  const company = add(tree.COMPANY, 0)
  const stores = (people * 0.9) / STORE_SIZE
  const extra = tree.extraStores(Math.max(0, Math.ceil(stores - Object.values(tree.REGIONS).flat().length)))
  const perRegion = Math.ceil(extra.length / (Object.keys(tree.REGIONS).length - 1))
  for (const [region, names] of Object.entries(tree.REGIONS)) {
    const office = region === tree.HEAD_OFFICE
    const id = add(region, company, { region: true })
    for (const name of office ? names : [...names, ...extra.splice(0, perRegion)])
      add(name, id, { staffed: true, office })
  }
  add(tree.OUTSIDE, company)
  return seeded
}

function someName(random: () => number, taken: Set<string>): { name: string; pinyin: string } {
  const pick = <T>(list: T[]): T => list[Math.floor(random() * list.length)]!
  // Real corps have people of the same name, but few: try a little for a new one.
  for (let attempt = 0; ; attempt++) {
    const [surname, first] = pick(SURNAMES)
    const [given, second] = pick(GIVEN_NAMES)
    const name = surname + given
    if (taken.has(name) && attempt < 3) continue
    taken.add(name)
    return { name, pinyin: first + second }
  }
}

const lastSuffix = new WeakMap<Set<string>, Map<string, number>>()

function freeUserid(pinyin: string, taken: Set<string>): string {
  const suffixes = lastSuffix.get(taken) ?? new Map<string, number>()
  lastSuffix.set(taken, suffixes)
  let userid = pinyin
  for (let n = suffixes.get(pinyin) ?? 2; taken.has(userid); n++) {
    userid = pinyin + n
    suffixes.set(pinyin, n + 1)
  }
  taken.add(userid)
  return userid
}
