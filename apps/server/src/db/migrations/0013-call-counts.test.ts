import { DAY, MINUTE, SECOND, startOfShanghaiDay } from '@qimeng/contract/time'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { insertBatch } from '../../delivery/store.ts'
import type { Db } from '../../parts.ts'
import { insertPush, insertTask } from '../../tasks/store.ts'
import { aPush, aTask } from '../../test/builders.ts'
import { openTestDatabase, type OpenTestDatabase } from '../../test/database.ts'
import { migrate, MIGRATIONS } from '../migrate.ts'

let database: OpenTestDatabase
let db: Db
beforeEach(async () => {
  database = await openTestDatabase({ empty: true })
  db = database.db
})
afterEach(() => database.end())

const call = (id: string, at: number) =>
  db.updateTable('batches').set({ state: 'sending', attemptedAt: at }).where('id', '=', id).execute()

it('counts the calls of an older program of today, and those that it makes beside the new one', async () => {
  const older = Object.entries(MIGRATIONS).filter(([name]) => name < '0013')
  await migrate(db, Object.fromEntries(older))
  await insertTask(db, 't', aTask(), 'zhangsan', 0)
  await insertPush(db, { id: 'p', taskId: 't', position: 0 }, aPush())
  const slot = Math.floor(Date.now() / (10 * SECOND)) * 10 * SECOND
  const times = [slot - MINUTE, slot - MINUTE, slot - 30 * DAY, slot + 1]
  for (const [part, at] of times.entries()) {
    const row = { id: `b${part}`, pushId: 'p', kind: 'card' as const, round: 0, part, body: '' }
    await insertBatch(db, { ...row, requestedBy: null, createdAt: at }, ['lisi', 'wangwu'])
    if (at <= slot) await call(row.id, at)
  }

  await migrate(db)
  await call('b3', slot + 1)
  await call('b0', slot + 2)

  const counts = await db.selectFrom('callCounts').selectAll().orderBy('span').orderBy('since').execute()
  const slots = counts.filter(({ span }) => span === 10 * SECOND)
  expect(slots).toEqual([
    { span: 10 * SECOND, since: slot - MINUTE, calls: 2, people: 4 },
    { span: 10 * SECOND, since: slot, calls: 2, people: 4 },
  ])
  // The minute before may be of yesterday.
  const days = counts.filter(({ span }) => span === DAY)
  expect(days.map(({ since }) => since)).toEqual([...new Set([slot - MINUTE, slot].map(startOfShanghaiDay))])
  expect(days.reduce((sum, { people }) => sum + people, 0)).toBe(8)
})
