import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { type Kysely, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'
import type { Database } from './schema.ts'

let folder: string
let db: Kysely<Database>
/** What has been committed, as another connection sees it. */
let outside: Sqlite.Database
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moments-group-'))
  db = await openDatabase(`sqlite:${join(folder, 'moments.db')}`)
  await migrate(db)
  outside = new Sqlite(join(folder, 'moments.db'), { readonly: true })
})
afterEach(async () => {
  vi.restoreAllMocks()
  outside.close()
  await db.destroy()
  await rm(folder, { recursive: true })
})

const add = (handle: Kysely<Database>, userid: string) =>
  handle.insertInto('admins').values({ userid, addedBy: 'system', addedAt: 0 }).execute()
const transaction = (userid: string) => db.transaction().execute((trx) => add(trx, userid))
const committed = () =>
  (outside.prepare('select userid from admins order by userid').all() as { userid: string }[]).map((row) => row.userid)
/** How often something was committed since the first look. */
const commits = () => outside.pragma('data_version', { simple: true }) as number

const some = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name}${at}`)

describe('transactions of the same moment', () => {
  test('share one commit, and are on the disk when they are over', async () => {
    const seen: number[] = []
    const began = commits()
    const work = some('a', 10).map(async (userid) => {
      await transaction(userid)
      seen.push(committed().length)
    })
    await Promise.all(work)
    expect(seen).toEqual(Array.from({ length: 10 }, () => 10))
    expect(commits()).toBe(began + 1)
  })

  test('do not wait for each other when they are large, and let others have their turn between', async () => {
    // The disk takes no time, as the last commit has shown.
    vi.spyOn(performance, 'now').mockReturnValue(0)
    await transaction('first')
    const large = (name: string) =>
      db.transaction().execute(async (trx) => {
        for (const userid of some(name, 600)) await add(trx, userid)
      })
    const over: string[] = []
    const note = (name: string) => () => over.push(name)
    const [a, b] = [large('a').then(note('a')), large('b').then(note('b'))]
    setImmediate(note('somebody else'))
    await a
    expect(committed()).toHaveLength(601)
    await b
    expect(over).toEqual(['a', 'somebody else', 'b'])
  })

  test('stand for themselves: one that fails leaves nothing, the others are there', async () => {
    const failing = db.transaction().execute(async (trx) => {
      await add(trx, 'b')
      throw new Error('no')
    })
    const outcomes = await Promise.allSettled([transaction('a'), failing, transaction('c'), add(db, 'a'), add(db, 'd')])
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'] as const),
    ])
    expect(committed()).toEqual(['a', 'c', 'd'])
  })

  test('run one after the other, also when one takes its time', async () => {
    const slow = db.transaction().execute(async (trx) => {
      await add(trx, 'slow')
      await delay(20)
      return (await trx.selectFrom('admins').select('userid').execute()).length
    })
    const [found] = await Promise.all([slow, transaction('after')])
    expect(found).toBe(1)
    expect(committed()).toEqual(['after', 'slow'])
  })

  test('nobody is told of what is not on the disk yet', async () => {
    const writing = transaction('a')
    const read = await db.selectFrom('admins').select('userid').execute()
    expect(committed()).toEqual(read.map(({ userid }) => userid))
    await writing
  })

  test('on a full disk: whose work is there was told so, and nobody else', async () => {
    const { rows } = await sql<{ pageCount: number }>`pragma page_count`.execute(db)
    await sql`pragma max_page_count = ${sql.lit(rows[0]!.pageCount)}`.execute(db)
    const first = transaction('a')
    const huge = db.transaction().execute((trx) => add(trx, 'x'.repeat(1_000_000)))
    const outcomes = await Promise.allSettled([first, huge, transaction('b')])
    await sql`pragma max_page_count = 1000000`.execute(db)
    expect(outcomes[1]).toMatchObject({ status: 'rejected', reason: { code: 'SQLITE_FULL' } })
    expect(committed()).toEqual(['a', 'b'].filter((_, at) => outcomes[2 * at]!.status === 'fulfilled'))
  })

  test('all fail when SQLite takes all of it back, and the next goes on', async () => {
    const first = transaction('a')
    const broken = db.transaction().execute(async (trx) => {
      await sql`rollback`.execute(trx)
      throw new Error('as on a full disk')
    })
    const outcomes = await Promise.allSettled([first, broken, transaction('b')])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
    expect(committed()).toEqual(['b'])
  })
})
