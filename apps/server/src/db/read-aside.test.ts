import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type OpenTestDatabase, openTestDatabase } from '../test/database.ts'
import type { Database } from './schema.ts'

let opened: OpenTestDatabase
let db: Kysely<Database>
beforeEach(async () => {
  opened = await openTestDatabase()
  db = opened.db
})
afterEach(() => opened.end())

const add = (handle: Kysely<Database>, userid: string) =>
  handle.insertInto('admins').values({ userid, addedBy: 'system', addedAt: 0 }).execute()
const admins = async (handle: Kysely<Database>) =>
  (await handle.selectFrom('admins').select('userid').orderBy('userid').execute()).map(({ userid }) => userid)

test('a read waits for no transaction, and sees nothing of it until it is over', async () => {
  await add(db, 'before')
  await db.transaction().execute(async (trx) => {
    await add(trx, 'during')
    expect(await admins(db)).toEqual(['before'])
    expect(await admins(trx)).toEqual(['before', 'during'])
  })
  expect(await admins(db)).toEqual(['before', 'during'])
})

test('who was told that a write is done reads it at once', async () => {
  for (const userid of ['a', 'b', 'c']) {
    await add(db, userid)
    expect((await admins(db)).at(-1)).toBe(userid)
  }
})

test('a table that changes is read as it is now', async () => {
  await add(db, 'a')
  const all = () => db.selectFrom('admins').selectAll().executeTakeFirstOrThrow()
  await all()
  await sql`alter table admins add column nickname text`.execute(db)
  expect(await all()).toMatchObject({ userid: 'a', nickname: null })
})
