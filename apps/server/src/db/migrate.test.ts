import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrate } from './migrate.ts'
import { openTestDatabase, type OpenTestDatabase } from '../test/database.ts'
import type { Database } from './schema.ts'

let database: OpenTestDatabase
let db: Kysely<Database>
beforeEach(async () => {
  database = await openTestDatabase({ empty: true })
  db = database.db
})
afterEach(() => database.end())

describe('migrations', () => {
  const tables = async () => (await db.introspection.getTables()).map((table) => table.name)

  test('run once, and never again', async () => {
    expect(await migrate(db)).toEqual([
      '0001-first-tables',
      '0002-task-list',
      '0003-recalled-cards',
      '0004-moments-media',
      '0005-callbacks',
      '0006-message-budgets',
      '0007-copy-marks',
      '0008-moves',
      '0009-append-only',
    ])
    expect(await tables()).toContain('push_images')
    expect(await migrate(db)).toEqual([])
  })

  test('one that breaks half-way leaves nothing behind, and the next start begins again', async () => {
    const breaking: Migration = {
      async up(trx) {
        await trx.schema.createTable('halfWay').addColumn('id', 'integer').execute()
        await sql`insert into no_such_table values (1)`.execute(trx)
      },
    }
    const working: Migration = {
      up: (trx) => trx.schema.createTable('halfWay').addColumn('id', 'integer').execute(),
    }
    const failure = await migrate(db, { '0001-half-way': breaking }).catch((error: unknown) => error)
    expect(failure).toMatchObject({
      message: 'The database could not be migrated',
      cause: expect.objectContaining({ message: expect.stringContaining('no_such_table') }),
    })
    expect(await tables()).not.toContain('half_way')
    expect(await migrate(db, { '0001-half-way': working })).toEqual(['0001-half-way'])
  })

  test('a database newer than the program is refused', async () => {
    const nothing: Migration = { up: () => Promise.resolve() }
    await migrate(db, { '0001-a': nothing, '0002-b': nothing })
    await expect(migrate(db, { '0001-a': nothing })).rejects.toThrow('The database could not be migrated')
  })
})
