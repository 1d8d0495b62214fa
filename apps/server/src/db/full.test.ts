import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Db } from '../parts.ts'
import { aTask } from '../test/builders.ts'
import { startWorld, type World } from '../test/world.ts'

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.stop())

/** No page more than the file has now: to SQLite the same as a full disk. */
async function fillDisk(db: Db) {
  const { rows } = await sql<{ pageCount: number }>`pragma page_count`.execute(db)
  await sql`pragma max_page_count = ${sql.lit(rows[0]!.pageCount)}`.execute(db)
}
const makeRoom = (db: Db) => sql`pragma max_page_count = 1000000`.execute(db)

const storeLetter = (db: Db) =>
  db.transaction().execute(async (trx) => {
    const letter = { id: 'l', at: 0, actor: 'me', action: 'write', subject: 's', detail: 'x'.repeat(1_000_000) }
    await trx
      .insertInto('auditLog')
      .values({ ...letter, id: 'small', detail: '{}' })
      .execute()
    await trx.insertInto('auditLog').values(letter).execute()
  })

describe('a full disk', () => {
  test('fails a transaction with its own error, leaves nothing of it, and the next one goes on', async () => {
    const { db } = world.parts
    await fillDisk(db)
    await expect(storeLetter(db)).rejects.toMatchObject({ code: 'SQLITE_FULL' })
    expect(await db.selectFrom('auditLog').select('id').where('actor', '=', 'me').execute()).toEqual([])
    await makeRoom(db)
    await storeLetter(db)
    expect(await db.selectFrom('auditLog').select('id').where('actor', '=', 'me').execute()).toHaveLength(2)
  })

  test('ends a transaction that would go on after it: nothing later of it stands alone', async () => {
    const { db } = world.parts
    await fillDisk(db)
    const goingOn = db.transaction().execute(async (trx) => {
      const note = { at: 0, actor: 'me', action: 'write', subject: 's' }
      const long = { ...note, id: 'long', detail: 'x'.repeat(1_000_000) }
      await trx
        .insertInto('auditLog')
        .values(long)
        .execute()
        .catch(() => undefined)
      await trx.updateTable('admins').set({ addedAt: 1 }).execute()
    })
    await expect(goingOn).rejects.toMatchObject({ code: 'SQLITE_FULL' })
    await makeRoom(db)
    expect(await db.selectFrom('admins').select('userid').where('addedAt', '=', 1).execute()).toEqual([])
  })

  test('is told as 507, and work goes on when there is room', async () => {
    const admin = await world.admin('zhangsan')
    const createTask = () => admin('POST /api/console/tasks', { body: aTask() })
    const createUntilFull = async () => {
      for (let each = 0; each < 500; each += 1) await createTask()
    }
    // Background work finds no room either.
    world.expectErrors()
    await fillDisk(world.parts.db)
    await expect(createUntilFull()).rejects.toMatchObject({ code: 'storage_full', status: 507 })
    await makeRoom(world.parts.db)
    const { id } = await createTask()
    expect(await admin('GET /api/console/tasks/:taskId', { params: { taskId: id } })).toMatchObject({ id })
  })
})
