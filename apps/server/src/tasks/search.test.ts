import { cleanText } from '@qimeng/contract/clean'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contains, foldForSearch } from '../db/search.ts'
import type { Db } from '../parts.ts'
import { personMatches } from '../people/people.ts'
import { readName } from '../people/pinyin.ts'
import { aTask } from '../test/builders.ts'
import { catalogueOf } from '../test/catalogue.ts'
import { listed, type TaskFilter } from './filter.ts'
import { listTasks } from './list.ts'
import { placesOf } from './search.ts'
import { findTask, insertTask, markDeleted, updateTask } from './store.ts'
import { openTestDatabase, type OpenTestDatabase } from '../test/database.ts'

let database: OpenTestDatabase
let db: Db
beforeAll(async () => {
  database = await openTestDatabase()
  db = database.db
  await db.insertInto('employees').values(PEOPLE.map(anEmployee)).execute()
})
afterAll(() => database.end())

const PEOPLE = ['张三', '春风', '李四', 'Ann_%']
const anEmployee = (name: string) => ({
  ...{ userid: `U-${name}`, name, searchName: foldForSearch(name), position: '', mainDepartmentId: null },
  ...{ ...readName(name), active: 1 as const, leftAt: null, updatedAt: 0 },
})

/** As it was done before there was an index: every task is looked at. The list must never differ from this. */
async function scan(keyword: string, filter: TaskFilter, sort: 'newest' | 'oldest') {
  const way = sort === 'newest' ? 'desc' : 'asc'
  const found = await db
    .selectFrom('tasks')
    .leftJoin('employees', 'employees.userid', 'tasks.createdBy')
    .select('tasks.id')
    .where(listed(filter))
    .where(sql<boolean>`(${contains('tasks.searchName', keyword)} or ${personMatches(keyword)})`)
    .orderBy('tasks.createdAt', way)
    .orderBy('tasks.id', way)
    .execute()
  return found.map(({ id }) => id)
}

async function walk(keyword: string, filter: TaskFilter, { sort, limit, most }: Turning) {
  const turn = (cursor?: string) => listTasks(db, { keyword, ...filter, sort, limit, cursor }, most)
  const pages = [await turn()]
  while (pages.at(-1)!.next) pages.push(await turn(pages.at(-1)!.next!))
  const back = [pages.at(-1)!]
  while (back[0]!.previous) back.unshift(await turn(back[0]!.previous))
  const ids = (some: typeof pages) => some.flatMap(({ rows }) => rows.map(({ id }) => id))
  const totals = new Set(pages.map(({ total, totalIsLeast }) => (totalIsLeast ? `over ${total}` : total)))
  return { forwards: ids(pages), back: ids(back), totals: [...totals] }
}

interface Turning {
  sort: 'newest' | 'oldest'
  limit: number
  /** Up to where is counted. */
  most: number
}

/** Few enough for words to meet, odd enough to be told apart wrongly. */
const LETTERS = ['春', '节', '促', '张', '%', '_', '\\', 'A', 'a', 'Ａ', 'é', 'e\u0301', '\u0301', 'İ', 'ß', 'Σ', 'ﬁ']
const ODD = ['😀', '👨‍👩‍👧', '𠮷', '\ud83d', '\ude00', ' ', '[微笑]', '㍿', 'ｶﾞ', "'", 'z']
const word = (maxLength: number) =>
  fc
    .array(fc.constantFrom(...LETTERS, ...ODD), { minLength: 1, maxLength })
    .map((letters) => cleanText(letters.join('')))
    .filter((text) => text !== '')
const sometimes = fc.nat(4).map((drawn) => drawn === 0)
const scope = fc.constantFrom('wechat', 'wecom', 'all')

const world = fc.record({
  tasks: fc.array(
    fc.record({ name: word(8), by: fc.constantFrom(...PEOPLE, 'nobody'), scope, at: fc.nat(3), deleted: sometimes }),
    { maxLength: 30, size: '+1' },
  ),
  renamed: fc.array(word(8), { maxLength: 4 }),
  typed: word(4),
  /** Mostly a piece of a name that is there. */
  piece: fc.record({ task: fc.nat(29), start: fc.nat(5), length: fc.integer({ min: 1, max: 5 }), taken: fc.nat(9) }),
  filter: fc.record(
    { scope, state: fc.constantFrom('not_started', 'running'), createdFrom: fc.nat(3), createdTo: fc.nat(3) },
    { requiredKeys: [] },
  ),
  filtered: fc.boolean(),
  sort: fc.constantFrom('newest', 'oldest'),
  limit: fc.integer({ min: 1, max: 6 }),
  most: fc.integer({ min: 0, max: 2 }),
})

async function fill(db: Db, { tasks, renamed }: { tasks: TaskIn[]; renamed: string[] }) {
  for (const table of ['tasks', 'taskCounts', 'taskGrams', 'taskGramCounts'] as const) {
    await db.deleteFrom(table).execute()
  }
  for (const [index, { name, by, scope: sendScope, at, deleted }] of tasks.entries()) {
    const id = `task-${index}`
    await insertTask(db, id, aTask({ name, sendScope }), `U-${by}`, at)
    if (renamed[index]) await updateTask(db, (await findTask(db, id))!, aTask({ name: renamed[index], sendScope }), 9)
    if (deleted) await markDeleted(db, (await findTask(db, id))!, 10)
  }
}
const pieceOf = (name = '', { start, length, taken }: { start: number; length: number; taken: number }) =>
  taken === 0
    ? ''
    : cleanText(
        [...name]
          .slice(start % [...name].length)
          .slice(0, length)
          .join(''),
      )

interface TaskIn {
  name: string
  by: string
  scope: 'wechat' | 'wecom' | 'all'
  at: number
  deleted: boolean
}

describe('a search', () => {
  test('finds exactly what a look at every task finds, in order, both ways, with the right total', async () => {
    const seen = { tasks: 0, grams: 0, walk: 0, ended: 0 }
    await fc.assert(
      fc.asyncProperty(world, async ({ typed, piece, filter: someFilter, filtered, sort, limit, most, ...there }) => {
        await db.transaction().execute((trx) => fill(trx, there))
        const keyword = pieceOf(there.tasks[piece.task % there.tasks.length]?.name, piece) || typed
        const filter = filtered ? someFilter : {}
        seen[(await placesOf(db, filter, keyword))!.by]++
        const expected = await scan(keyword, filter, sort)
        seen.tasks += expected.length
        const { totals, ...pages } = await walk(keyword, filter, { sort, limit, most })
        expect(pages).toEqual({ forwards: expected, back: expected })
        // What is stored is told whole.
        const right = expected.length > most ? [`over ${most}`, expected.length] : [expected.length]
        expect(totals).toHaveLength(1)
        expect(right).toContain(totals[0])
        if (totals[0] !== expected.length) seen.ended++
        const { stored, derived } = await catalogueOf(db)
        expect({ ...stored, states: [] }).toEqual({ ...derived, states: [] })
      }),
      { numRuns: 150 },
    )
    // Something was found, both ways of searching were gone, and counts ended early.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(0)
  })
})
