import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOUR, MINUTE } from '@qimeng/contract/time'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import type { Batches } from '../db/schema.ts'
import type { Db } from '../parts.ts'
import { insertPush, insertTask } from '../tasks/store.ts'
import { aPush, aTask } from '../test/builders.ts'
import { budgetOpensAt } from './budget.ts'
import { insertBatch } from './store.ts'

const now = Date.UTC(2026, 10, 25, 1, 30)
let folder: string
let db: Db
let made = 0

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qimeng-budget-'))
  db = await openDatabase(`sqlite:${join(folder, 'moments.db')}`)
  await migrate(db)
  await insertTask(db, 't', aTask(), 'zhangsan', 0)
  await insertPush(db, { id: 'p', taskId: 't', position: 0 }, aPush())
})
afterEach(async () => {
  await db.destroy()
  await rm(folder, { recursive: true })
})

/** A batch of its own dispatch, sent at that time; without one it is still to be sent. */
async function batch(userids: string[], attemptedAt: number | null = null, handle = db) {
  made += 1
  const id = `b${made}`
  const row = { id, pushId: 'p', kind: 'reminder' as const, round: made, body: '', requestedBy: null, createdAt: made }
  await insertBatch(handle, row, userids)
  if (attemptedAt !== null) await setBatch(id, { state: 'sent', attemptedAt }, handle)
  return { ...row, recipients: JSON.stringify(userids) }
}

const setBatch = (id: string, change: Partial<Batches>, handle = db) =>
  handle.updateTable('batches').set(change).where('id', '=', id).execute()

/** So many batches, in one commit. */
const batches = (count: number, userids: string[], at: (index: number) => number) =>
  db.transaction().execute(async (trx) => {
    for (let index = 0; index < count; index += 1) await batch(userids, at(index), trx)
  })

it('lets thirty messages a minute through to each person, and then waits until the oldest is a minute old', async () => {
  await batches(29, ['lisi', 'zhaoliu'], (index) => now - 59_000 + index)
  const next = await batch(['lisi', 'wangwu'])
  expect(await budgetOpensAt(db, next, now)).toBe(now)
  await batch(['lisi'], now - 10)
  expect(await budgetOpensAt(db, next, now)).toBe(now - 59_000 + MINUTE + 1)
  expect(await budgetOpensAt(db, await batch(['wangwu']), now)).toBe(now)
})

it('and a thousand an hour', async () => {
  await batches(1000, ['lisi'], (index) => now - HOUR + MINUTE + index * 3_000)
  expect(await budgetOpensAt(db, await batch(['lisi']), now)).toBe(now + MINUTE + 1)
})

it('counts a call whose outcome is open, and neither one that WeCom refused nor one that waits', async () => {
  await batches(29, ['lisi'], () => now - 30_000)
  const { id } = await batch(['lisi'])
  const next = await batch(['lisi'])
  await setBatch(id, { state: 'sending', attemptedAt: now - 20_000 })
  expect(await budgetOpensAt(db, next, now)).toBe(now - 30_000 + MINUTE + 1)
  await setBatch(id, { state: 'ready' })
  expect(await budgetOpensAt(db, next, now)).toBe(now)
  await setBatch(id, { state: 'sending', attemptedAt: now - 2 * MINUTE })
  expect(await budgetOpensAt(db, next, now)).toBe(now)
})
