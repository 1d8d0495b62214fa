import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openTestDatabase, type OpenTestDatabase } from '../test/database.ts'
import type { Db } from '../parts.ts'
import { compileOnce, compileOnceForOne } from './compiled.ts'

let database: OpenTestDatabase
let db: Db
beforeEach(async () => {
  database = await openTestDatabase()
  db = database.db
  for (const [at, userid] of ['zhangsan', 'lisi', 'wangwu'].entries()) {
    await db.insertInto('admins').values({ userid, addedBy: 'system', addedAt: at }).execute()
  }
})
afterEach(() => database.end())

interface Asked extends Record<string, string[] | number | undefined> {
  userids: string[]
  since?: number | undefined
}
const build = vi.fn((handle: Db, { userids, since }: Asked, { descending }: { descending: boolean }) => {
  const query = handle
    .selectFrom('admins')
    .select('userid')
    .where('userid', 'in', userids)
    .orderBy('addedAt', descending ? 'desc' : 'asc')
  return since === undefined ? query : query.where('addedAt', '>=', since)
})
beforeEach(() => void build.mockClear())

async function names(
  ...asked: Parameters<ReturnType<typeof compileOnce<Asked, { userid: string }, { descending: boolean }>>>
) {
  return (await find(...asked)).map(({ userid }) => userid)
}
let find: ReturnType<typeof compileOnce<Asked, { userid: string }, { descending: boolean }>>
beforeEach(() => {
  find = compileOnce(build)
})

it('is built once, and answers by its values', async () => {
  expect(await names(db, { userids: ['zhangsan', 'lisi'] }, { descending: false })).toEqual(['zhangsan', 'lisi'])
  expect(await names(db, { userids: ['wangwu', 'lisi'] }, { descending: false })).toEqual(['lisi', 'wangwu'])
  expect(build).toHaveBeenCalledTimes(1)
})

it('is another query for another shape, length or choice of values', async () => {
  const userids = ['zhangsan', 'lisi', 'wangwu']
  expect(await names(db, { userids }, { descending: true })).toEqual(userids.toReversed())
  expect(await names(db, { userids }, { descending: false })).toEqual(userids)
  expect(await names(db, { userids, since: 1 }, { descending: false })).toEqual(['lisi', 'wangwu'])
  expect(await names(db, { userids: ['lisi'] }, { descending: false })).toEqual(['lisi'])
  expect(await names(db, { userids: [] }, { descending: false })).toEqual([])
})

it('sees what its own transaction wrote', async () => {
  const asked = { userids: ['zhaoliu'] }
  expect(await names(db, asked, { descending: false })).toEqual([])
  await db.transaction().execute(async (trx) => {
    await trx.insertInto('admins').values({ userid: 'zhaoliu', addedBy: 'system', addedAt: 9 }).execute()
    expect(await names(trx, asked, { descending: false })).toEqual(['zhaoliu'])
  })
  expect(build).toHaveBeenCalledTimes(1)
})

it('refuses to be built from what a value says', async () => {
  const careless = compileOnceForOne((handle, { least }: { least: number }) =>
    handle
      .selectFrom('admins')
      .select('userid')
      .where('addedAt', '>=', least + 1),
  )
  await expect(careless(db, { least: 0 })).rejects.toThrow('the value of least is not known')
})

it('binds values, also inside raw pieces', async () => {
  const folded = compileOnceForOne((handle, { userid }: { userid: string }) =>
    handle
      .selectFrom('admins')
      .select('userid')
      .where(sql<boolean>`lower(userid) = ${userid}`),
  )
  expect(await folded(db, { userid: "lisi' or 1=1 --" })).toBeUndefined()
  expect(await folded(db, { userid: 'lisi' })).toEqual({ userid: 'lisi' })
})
