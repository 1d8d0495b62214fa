import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { inLogContext, logContext } from '../log-context.ts'
import { createTestDatabase, type TestDatabase } from '../test/database.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'
import { logSlowQueries } from './slow-queries.ts'

let database: TestDatabase
beforeEach(async () => void (database = await createTestDatabase()))
afterEach(() => database.drop())

/** What is logged while somebody is looked for. */
async function linesWith(slowerThan: number): Promise<string[]> {
  const lines: string[] = []
  const log = pino({ mixin: logContext }, { write: (line) => void lines.push(line) })
  const db = await openDatabase(database.url, logSlowQueries(log, slowerThan))
  try {
    await migrate(db)
    lines.length = 0
    await inLogContext({ requestId: 'r1', job: 'export.build' }, () =>
      db
        .transaction()
        .execute((trx) => trx.selectFrom('employees').select('userid').where('name', '=', '张三').execute()),
    )
    return lines
  } finally {
    await db.destroy()
  }
}

test('a query that took too long is logged with its request and its job, without the values in it', async () => {
  const line = (await linesWith(0)).find((each) => each.includes('employees'))
  expect(JSON.parse(line!)).toMatchObject({
    msg: 'a slow query',
    requestId: 'r1',
    job: 'export.build',
    ms: expect.any(Number) as number,
    sql: expect.stringMatching(/from "employees" where "name" = (\?|\$1)/) as string,
  })
  expect(line).not.toContain('张三')
})

test('one that did not is not', async () => expect(await linesWith(60_000)).toEqual([]))
