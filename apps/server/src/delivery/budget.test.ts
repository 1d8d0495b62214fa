import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOUR, MINUTE } from '@qimeng/contract/time'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
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

/** A batch of its own dispatch; without a time it is still to be sent. */
async function batch(userids: string[], sentAt: number | null = null, handle = db) {
  made += 1
  const id = `b${made}`
  const row = { id, pushId: 'p', kind: 'reminder' as const, round: made, body: '', requestedBy: null, createdAt: made }
  await insertBatch(handle, row, userids)
  if (sentAt !== null) await handle.updateTable('batches').set({ state: 'sent', sentAt }).where('id', '=', id).execute()
  return { ...row, recipients: JSON.stringify(userids) }
}

/** So many batches, in one commit. */
const batches = (count: number, userids: string[], sentAt: (index: number) => number) =>
  db.transaction().execute(async (trx) => {
    for (let index = 0; index < count; index += 1) await batch(userids, sentAt(index), trx)
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

it('counts what is on its way as sent now', async () => {
  await batches(29, ['lisi'], () => now - 30_000)
  const { id } = await batch(['lisi'])
  await db.updateTable('batches').set({ state: 'sending' }).where('id', '=', id).execute()
  expect(await budgetOpensAt(db, await batch(['lisi']), now)).toBe(now - 30_000 + MINUTE + 1)
})
