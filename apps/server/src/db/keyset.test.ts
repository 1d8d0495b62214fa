import fc from 'fast-check'
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KeysetColumn, keysetPage } from './keyset.ts'
import { openTestDatabase, type OpenTestDatabase } from '../test/database.ts'

interface Thing {
  id: string
  rank: number
}

let database: OpenTestDatabase
let db: Kysely<{ things: Thing }>
beforeAll(async () => {
  database = await openTestDatabase({ empty: true })
  db = database.db as unknown as Kysely<{ things: Thing }>
  await db.schema.createTable('things').addColumn('id', 'text').addColumn('rank', 'integer').execute()
})
afterAll(() => database.end())

const direction = fc.constantFrom('asc', 'desc')
const things = fc.uniqueArray(fc.record({ id: fc.stringMatching(/^[a-z]{1,3}$/), rank: fc.nat(3) }), {
  selector: ({ id }) => id,
  maxLength: 40,
})

async function fill(rows: Thing[]) {
  await db.deleteFrom('things').execute()
  if (rows.length > 0) await db.insertInto('things').values(rows).execute()
}

const columns = (byRank: 'asc' | 'desc', byId: 'asc' | 'desc'): KeysetColumn<Thing>[] => [
  { by: sql.ref('things.rank'), direction: byRank, of: ({ rank }) => rank },
  { by: sql.ref('things.id'), direction: byId, of: ({ id }) => id },
]
const turn = (order: KeysetColumn<Thing>[], limit: number, cursor?: string) =>
  keysetPage(db.selectFrom('things').selectAll(), order, { cursor, limit })

test('walking forwards and back sees every row once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      things,
      direction,
      direction,
      fc.integer({ min: 1, max: 12 }),
      async (rows, byRank, byId, limit) => {
        await fill(rows)
        const order = columns(byRank, byId)
        const sign = { asc: 1, desc: -1 }
        const expected = rows.toSorted(
          (a, b) => sign[byRank] * (a.rank - b.rank) || sign[byId] * (a.id < b.id ? -1 : 1),
        )

        const forwards = [await turn(order, limit)]
        while (forwards.at(-1)!.next) forwards.push(await turn(order, limit, forwards.at(-1)!.next!))
        expect(forwards.flatMap((page) => page.rows)).toEqual(expected)

        const back = [forwards.at(-1)!]
        while (back[0]!.previous) back.unshift(await turn(order, limit, back[0]!.previous))
        expect(back.flatMap((page) => page.rows)).toEqual(expected)
        expect(back.map((page) => page.rows)).toEqual(forwards.map((page) => page.rows))
      },
    ),
    { numRuns: 60 },
  )
})

test('rows that come and go meanwhile neither repeat nor hide others', async () => {
  await fill(['b', 'd', 'f', 'h'].map((id) => ({ id, rank: 0 })))
  const order = columns('asc', 'asc')
  const first = await turn(order, 2)
  await db.insertInto('things').values({ id: 'a', rank: 0 }).execute()
  await db.deleteFrom('things').where('id', '=', 'd').execute()
  expect((await turn(order, 2, first.next!)).rows.map(({ id }) => id)).toEqual(['f', 'h'])
})

test.each(['', 'nonsense', 'W10', btoa('["next",1]'), btoa('["sideways",0,"a"]'), btoa('["next",null,{}]')])(
  'the cursor %j is the first page',
  async (cursor) => {
    await fill([{ id: 'a', rank: 0 }])
    expect((await turn(columns('asc', 'asc'), 2, cursor)).rows).toHaveLength(1)
  },
)
