import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Db } from '../parts.ts'
import { createTestDatabase, ENGINE, type TestDatabase } from '../test/database.ts'
import { alone } from './alone.ts'
import { openDatabase } from './open.ts'

// Two handles, as two processes have them; on SQLite there is one.
describe.skipIf(ENGINE === 'sqlite')('two processes', () => {
  let database: TestDatabase
  let one: Db
  let other: Db
  beforeEach(async () => {
    database = await createTestDatabase()
    ;[one, other] = await Promise.all([openDatabase(database.url), openDatabase(database.url)])
  })
  afterEach(async () => {
    await Promise.all([one.destroy(), other.destroy()])
    await database.drop()
  })

  /** Bytes of the log. */
  const position = async (db: Db, of: string) => {
    const { rows } = await sql<{ at: number }>`select ${sql.raw(of)}() - '0/0'::pg_lsn as at`.execute(db)
    return Number(rows[0]!.at)
  }
  const writing = (db: Db, work: () => Promise<void>) => db.transaction().execute(work)

  test('write one after the other, and read meanwhile', async () => {
    const order: string[] = []
    const began = Promise.withResolvers<void>()
    const first = writing(one, async () => {
      began.resolve()
      await other.selectFrom('tasks').select('id').execute()
      order.push('the other one has read')
      await delay(50)
      order.push('written')
    })
    await began.promise
    await writing(other, async () => void order.push('the other one writes'))
    await first
    expect(order).toEqual(['the other one has read', 'written', 'the other one writes'])
  })

  test('a transaction is over for whoever made it when it is on the disk, for however many at once', async () => {
    const name = new URL(database.url).pathname.slice(1)
    // The tests' cluster forgets by default. A new session goes by the new setting.
    await sql`alter database ${sql.id(name)} set synchronous_commit = on`.execute(one)
    const durable = await openDatabase(database.url)
    try {
      const writeAndLook = async (userid: string) => {
        const written = await durable.transaction().execute(async (trx) => {
          await trx.insertInto('admins').values({ userid, addedBy: 'zhangsan', addedAt: 0 }).execute()
          return position(trx, 'pg_current_wal_insert_lsn')
        })
        expect(await position(durable, 'pg_current_wal_flush_lsn')).toBeGreaterThanOrEqual(written)
      }
      for (const round of ['a', 'b', 'c']) {
        await Promise.all(Array.from({ length: 7 }, (_, at) => writeAndLook(`${round}${at}`)))
        await writeAndLook(round)
      }
    } finally {
      await durable.destroy()
    }
  })

  test('one that loses its connection in the middle of a transaction goes on living, and keeps nobody waiting', async () => {
    const cut = one.transaction().execute(async (trx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx)
      await sql`select pg_terminate_backend(${rows[0]!.pid})`.execute(other)
      // Nothing asks just now, so nobody but the connection itself hears of it.
      await delay(50)
      await trx.selectFrom('tasks').select('id').execute()
    })
    await expect(cut).rejects.toThrow()
    await writing(other, async () => {})
    await writing(one, async () => {})
  })

  test('more writers than connections leave one to those who read', async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>()
    const writers = Array.from({ length: 50 }, () => writing(one, () => opened))
    await one.selectFrom('tasks').select('id').execute()
    open()
    await Promise.all(writers)
  })

  test('do alone what is done once for all; one that waits too long goes on all the same', async () => {
    const done: string[] = []
    const { promise: opened, resolve: open } = Promise.withResolvers<void>()
    const began = Promise.withResolvers<void>()
    const first = alone(one, 'token', 10_000, async () => {
      began.resolve()
      await opened
      done.push('first')
    })
    await began.promise
    const second = alone(other, 'token', 10_000, async () => void done.push('second'))
    await alone(other, 'something else', 10_000, async () => void done.push('something else'))
    await alone(other, 'token', 50, async () => void done.push('impatient'))
    open()
    await Promise.all([first, second])
    expect(done).toEqual(['something else', 'impatient', 'first', 'second'])
  })
})
