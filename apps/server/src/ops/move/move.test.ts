import { HOUR } from '@qimeng/contract/time'
import { type KyselyPlugin, sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import { cardsOf, later, launch } from '../../delivery/campaign.fixture.ts'
import { openJobs } from '../../jobs/open.ts'
import { aPush } from '../../test/builders.ts'
import { COMPANY_ADMINS, openCompany } from '../../test/company.ts'
import { createTestDatabase } from '../../test/database.ts'
import { pendingJobs } from '../../test/jobs.ts'
import type { AdminCaller } from '../../test/world.ts'
import { copyTables } from './copy.ts'
import { everythingShown, type MovingWorld, startMovingWorld } from './move.fixture.ts'
import { moveToPostgres } from './move.ts'
import { returnToSqlite } from './return.ts'
import { verify } from './verify.ts'

let world: MovingWorld
let admin: AdminCaller
beforeEach(async () => {
  world = await startMovingWorld({ admins: COMPANY_ADMINS })
  admin = await world.admin('zhangsan')
})
afterEach(() => world.stop())

const inAnHour = () => launch(world, admin, { pushes: [aPush({ scheduledAt: world.clock.now() + HOUR })] })
const cardsOfBoth = async (pushId: string) =>
  [await cardsOf(world, 'zhangsan', pushId), await cardsOf(world, 'lisi', pushId)].map(({ length }) => length)
const pushState = async (pushId: string) =>
  (await world.parts.db.selectFrom('pushes').select('state').where('id', '=', pushId).executeTakeFirstOrThrow()).state
const sqlite = () => `sqlite:${world.file}`

/** The server ends, and whoever tries to start it on this database is told why not. */
const refusedOn = (url: string, why: RegExp) => expect(world.startOn(url)).rejects.toThrow(why)

async function withDatabases<T>(
  work: (dbs: Record<'source' | 'target', Awaited<ReturnType<typeof openDatabase>>>) => T,
) {
  const [source, target] = [await openDatabase(sqlite()), await openDatabase(world.postgresUrl)]
  try {
    return await work({ source, target })
  } finally {
    await source.destroy()
    await target.destroy()
  }
}

test('killed again and again it ends up with everything in its place, and each card goes out once', async () => {
  await openCompany(world)
  const { pushId } = await inAnHour()
  const employee = await world.employee('lisi')
  const before = await everythingShown(admin, employee)
  expect(before.tasks.rows.length).toBeGreaterThan(2)
  await expect(moveToPostgres(world.order())).rejects.toThrow('already using')
  await world.stopServer()
  for (const killAt of [9, 45]) {
    expect(await world.cli('migrate-to-postgres', killAt)).toMatchObject({ code: null })
  }
  await refusedOn(sqlite(), /being moved to postgres/)
  await refusedOn(world.postgresUrl, /Only a part/)
  const { code, lines, errors } = await world.cli('migrate-to-postgres')
  expect({ code, errors }).toEqual({ code: 0, errors: '' })
  expect(lines).toContainEqual(expect.stringMatching(/^verified {2}executions +\d+ rows, checksum [0-9a-f]{16}/))
  // Once more is once too often, and does nothing.
  await moveToPostgres(world.order())

  await refusedOn(sqlite(), /moved to postgres/)
  await world.startOn(world.postgresUrl)
  // Those who were logged in still are.
  expect(await everythingShown(admin, employee)).toEqual(before)
  expect(await cardsOfBoth(pushId)).toEqual([0, 0])
  await later(world, HOUR)
  await later(world, HOUR)
  expect(await cardsOfBoth(pushId)).toEqual([1, 1])
})

/** As if the power went just before the nth note of how far the copying has come. */
function dieAtNote(nth: number): KyselyPlugin {
  let notes = 0
  return {
    transformQuery({ node }) {
      if (node.kind === 'UpdateQueryNode' && (notes += 1) === nth) throw new Error('the power is gone')
      return node
    },
    transformResult: async ({ result }) => result,
  }
}

/** The same after the first table. */
const dieAtOnce = (line: string) => {
  if (line.startsWith('copied')) throw new Error('the power is gone')
}

test('cut off inside any transaction it leaves no row and no job out, and none comes twice', async () => {
  await openCompany(world)
  await inAnHour()
  await world.stopServer()
  await expect(moveToPostgres(world.order({ print: dieAtOnce }))).rejects.toThrow('the power is gone')

  await withDatabases(async ({ source, target }) => {
    const { id: moveId } = await target.selectFrom('moves').select('id').executeTakeFirstOrThrow()
    const jobs = await openJobs(world.postgresUrl, { db: target, clock: world.clock, log: world.parts.log })
    const copy = (to: typeof target) => copyTables({ source, target: to, jobs, moveId, pageRows: 5 })
    let deaths = 0
    while ((await copy(target.withPlugin(dieAtNote(8))).catch((error: Error) => error)) instanceof Error) deaths += 1
    await jobs.stop()
    expect(deaths).toBeGreaterThan(3)

    await verify(source, target, () => {})
    const keyed = source.selectFrom('jobs').select('key').where('failedAt', 'is', null).where('key', 'is not', null)
    const planned = (await pendingJobs(target)).map(({ key }) => key)
    expect(planned).toEqual(expect.arrayContaining((await keyed.execute()).map(({ key }) => key)))

    // A verification must be able to fail.
    await target.updateTable('executions').set({ reminders: 9 }).execute()
    await target.deleteFrom('departmentMembers').execute()
    await expect(verify(source, target, () => {})).rejects.toThrow(/departmentMembers .*executions .*changed/)
  })
})

test('after the way back nothing that PostgreSQL may have sent is sent again', async () => {
  const { pushId } = await inAnHour()
  await world.stopServer()
  await moveToPostgres(world.order())
  await world.startOn(world.postgresUrl)
  await later(world, HOUR)
  expect(await cardsOfBoth(pushId)).toEqual([1, 1])
  await expect(returnToSqlite(world.order())).rejects.toThrow('still connected')

  await world.stopServer()
  // PostgreSQL may notice a moment later that they are gone.
  await expect.poll(() => returnToSqlite(world.order())).toMatchObject({ held: true })
  await refusedOn(world.postgresUrl, /moved to .*moments\.db/)
  await world.startOn(sqlite())
  await later(world, HOUR)
  expect(await cardsOfBoth(pushId)).toEqual([1, 1])
  expect(await pushState(pushId)).toBe('missed')
  await world.stopServer()
  await expect(moveToPostgres(world.order())).rejects.toThrow('holds an installation')
})

test('a move that is given up half-way has changed nothing', async () => {
  const { pushId } = await inAnHour()
  await world.stopServer()
  await expect(moveToPostgres(world.order({ print: dieAtOnce }))).rejects.toThrow('the power is gone')
  expect(await returnToSqlite(world.order())).toMatchObject({ held: false })
  await refusedOn(world.postgresUrl, /moved to/)
  await world.startOn(sqlite())
  await later(world, HOUR)
  expect(await cardsOfBoth(pushId)).toEqual([1, 1])
})

test('it says what stands in the way', async () => {
  await world.stopServer()
  const order = (change: object) => world.order({ config: { ...world.order().config, ...change } })
  await expect(moveToPostgres(order({ databaseUrl: sqlite() }))).rejects.toThrow('Set DATABASE_URL')
  await expect(moveToPostgres(order({ wecom: { corpId: 'ww-another' } }))).rejects.toThrow('belongs to')
  await expect(moveToPostgres(world.order({ file: `${world.file}.none` }))).rejects.toThrow('There is no')
  await expect(returnToSqlite(world.order())).rejects.toThrow('has not been moved')

  const occupied = await createTestDatabase()
  const db = await openDatabase(occupied.url)
  await db.insertInto('installation').values({ id: 1, corpId: 'ww-other', signingKey: 'x', createdAt: 1 }).execute()
  await expect(moveToPostgres(order({ databaseUrl: occupied.url }))).rejects.toThrow(
    'holds an installation of ww-other',
  )
  await sql`alter table employees add column shoe_size integer`.execute(db)
  await expect(moveToPostgres(order({ databaseUrl: occupied.url }))).rejects.toThrow('differ in employees')
  await db.destroy()
  await occupied.drop()

  const foreign = await openDatabase(world.postgresUrl)
  await sql`create table recipes (name text)`.execute(foreign)
  await foreign.destroy()
  await expect(moveToPostgres(world.order())).rejects.toThrow('tables of something else')
  // None of which has kept anybody from going on as before.
  await world.startOn(sqlite())
})
