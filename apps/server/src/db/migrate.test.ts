import { sql, type Kysely, type TableMetadata } from 'kysely'
import type { Migration } from 'kysely/migration'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrate, MIGRATIONS, migrationState, TAKES_AWAY } from './migrate.ts'
import { openTestDatabase, type OpenTestDatabase } from '../test/database.ts'
import type { Database } from './schema.ts'

/** What an insert, an update or a read of the release before would stumble over. */
function broken(table: TableMetadata, after: TableMetadata[]): string[] {
  const now = after.find(({ name }) => name === table.name)
  if (!now) return [`${table.name} is gone`]
  const lost = table.columns.filter((column) => {
    const same = now.columns.find(({ name }) => name === column.name)
    return same?.dataType !== column.dataType || (column.isNullable && !same.isNullable)
  })
  const known = new Set(table.columns.map(({ name }) => name))
  const asked = now.columns.filter(
    ({ name, isNullable, hasDefaultValue }) => !known.has(name) && !isNullable && !hasDefaultValue,
  )
  return [
    ...lost.map(({ name }) => `${table.name}.${name} is gone or another one`),
    ...asked.map(({ name }) => `${table.name}.${name} must be given`),
  ]
}

const nothing: Migration = { up: () => Promise.resolve() }
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
      '0010-former-userids',
      '0011-retention',
      '0012-audit-filters',
      '0013-call-counts',
    ])
    expect(await tables()).toContain('push_images')
    expect(await migrate(db)).toEqual([])
  })

  test('only add, so that processes of the release before go on working beside those of the next', async () => {
    const steps = Object.entries(MIGRATIONS)
    let before: TableMetadata[] = []
    for (let i = 1; i <= steps.length; i++) {
      await migrate(db, Object.fromEntries(steps.slice(0, i)))
      const after = await db.introspection.getTables()
      if (!TAKES_AWAY.test(steps[i - 1]![0]))
        expect(
          before.flatMap((table) => broken(table, after)),
          steps[i - 1]![0],
        ).toEqual([])
      before = after
    }
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

  test('the release before goes on working on what the next one has added, also after a restart', async () => {
    await migrate(db, { '0001-a': nothing, '0002-adds-b': nothing })
    expect(await migrate(db, { '0001-a': nothing })).toEqual([])
    expect((await migrationState(db, { '0001-a': nothing })).pending).toEqual([])
    expect(await migrate(db, { '0001-a': nothing, '0002-adds-b': nothing, '0003-c': nothing })).toEqual(['0003-c'])
  })

  test('a release is refused where a later one has taken away what it works with', async () => {
    await migrate(db, { '0001-a': nothing, '0002-drops-b': nothing })
    await expect(migrate(db, { '0001-a': nothing })).rejects.toThrow('The database could not be migrated')
  })
})
