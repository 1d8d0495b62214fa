import { DAY, HOUR, MINUTE, parseShanghai } from '@qimeng/contract/time'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Batches } from '../db/schema.ts'
import type { Db } from '../parts.ts'
import { insertPush, insertTask } from '../tasks/store.ts'
import { aPush, aTask } from '../test/builders.ts'
import { appBudgetOpensAt } from './budget.ts'
import { countMessages, membersBudgetOpensAt, uncountMessages } from './recent-messages.ts'
import { insertBatch } from './store.ts'
import { openTestDatabase, type OpenTestDatabase } from '../test/database.ts'

const now = parseShanghai('2026-11-25 09:30')!
const midnight = parseShanghai('2026-11-26 00:00')!
let database: OpenTestDatabase
let db: Db
let made: number

beforeEach(async () => {
  made = 0
  database = await openTestDatabase()
  db = database.db
})
afterEach(() => database.end())

describe('each member', () => {
  /** So many messages to these people, at those times, in one commit. */
  const sent = (count: number, userids: string[], at: (index: number) => number) =>
    db.transaction().execute(async (trx) => {
      for (let index = 0; index < count; index += 1) {
        await countMessages(trx, { batchId: `b${(made += 1)}`, userids }, at(index))
      }
    })
  const opensAt = (userids: string[], batchId = 'next') => membersBudgetOpensAt(db, { batchId, userids }, now)

  it('gets thirty messages a minute, and then waits until the oldest is a minute old', async () => {
    await sent(29, ['lisi', 'zhaoliu'], (index) => now - 59_000 + index)
    expect(await opensAt(['lisi', 'wangwu'])).toBe(now)
    await sent(1, ['lisi'], () => now - 10)
    expect(await opensAt(['lisi', 'wangwu'])).toBe(now - 59_000 + MINUTE + 1)
    expect(await opensAt(['wangwu', 'zhaoliu'])).toBe(now)
  })

  it('and a thousand an hour', async () => {
    await sent(1000, ['lisi'], (index) => now - HOUR + MINUTE + index * 3_000)
    expect(await opensAt(['lisi'])).toBe(now + MINUTE + 1)
  })

  it('is spared neither by a repeat, which counts once, nor by what certainly did not arrive', async () => {
    await sent(29, ['lisi'], () => now - 30_000)
    for (const ago of [20_000, 10_000]) await countMessages(db, { batchId: 'thirtieth', userids: ['lisi'] }, now - ago)
    expect(await opensAt(['lisi'])).toBe(now - 30_000 + MINUTE + 1)
    expect(await opensAt(['lisi'], 'thirtieth')).toBe(now)
    await uncountMessages(db, { batchId: 'thirtieth', userids: ['lisi'] })
    expect(await opensAt(['lisi'])).toBe(now)
  })

  it('waits for a minute at most when the clock was set back', async () => {
    await sent(30, ['lisi'], () => now + HOUR)
    expect(await opensAt(['lisi'])).toBe(now + MINUTE + 1)
  })

  it('leaves nothing behind after an hour but the last of his messages', async () => {
    await sent(50, ['lisi'], (index) => now - 2 * HOUR + index)
    await sent(1, ['lisi'], () => now)
    expect(await db.selectFrom('recentMessages').select('at').execute()).toEqual([{ at: now }])
  })
})

describe('the app', () => {
  beforeEach(async () => {
    await insertTask(db, 't', aTask(), 'zhangsan', 0)
    await insertPush(db, { id: 'p', taskId: 't', position: 0 }, aPush())
  })

  /** So many calls, at those times, in one commit. */
  const called = (count: number, at: (index: number) => number, change: Partial<Batches> = {}) =>
    db.transaction().execute(async (trx) => {
      for (let index = 0; index < count; index += 1) {
        const row = { id: `b${(made += 1)}`, pushId: 'p', kind: 'card' as const, round: 0, part: 0, body: '' }
        await insertBatch(trx, { ...row, requestedBy: null, createdAt: now }, ['lisi'])
        const call = { state: 'sent' as const, attemptedAt: at(index), ...change }
        await trx.updateTable('batches').set(call).where('id', '=', row.id).execute()
      }
    })
  const companyOf = (people: number) =>
    db
      .insertInto('directorySyncs')
      .values({ id: 's', reason: 'scheduled', startedAt: 0, finishedAt: 1, people, departments: 1, error: null })
      .execute()

  it('makes five thousand calls a minute at most', async () => {
    await companyOf(50)
    await called(4_999, (index) => now - 50_000 + index)
    expect(await appBudgetOpensAt(db, 1, now)).toBe(now)
    await called(1, () => now - 1)
    expect(await appBudgetOpensAt(db, 1, now)).toBe(now - 50_000 + MINUTE + 1)
  })

  it('counts a call until it is a minute old, to the millisecond', async () => {
    const limits = { calls: 2, dailyPerAccount: 200 }
    await called(2, () => now)
    for (const age of [1, 9_999, 10_000, 59_999]) {
      expect(await appBudgetOpensAt(db, 1, now + age, limits), String(age)).toBe(now + MINUTE + 1)
    }
    expect(await appBudgetOpensAt(db, 1, now + MINUTE, limits)).toBe(now + MINUTE)
  })

  it('pauses as a whole for the minute after WeCom found it too fast', async () => {
    await called(1, () => now - 40_000, { state: 'ready', errcode: 45009 })
    expect(await appBudgetOpensAt(db, 1, now)).toBe(now + 20_001)
    expect(await appBudgetOpensAt(db, 1, now + 20_001)).toBe(now + 20_001)
  })

  it('sends two hundred messages a calendar day for each person it knows, and not one more', async () => {
    await companyOf(50)
    await called(1, () => midnight - 25 * HOUR, { people: 9_000 })
    await called(1, () => now - HOUR, { people: 9_000 })
    await called(1, () => now - HOUR, { people: 9_000, state: 'failed' })
    expect(await appBudgetOpensAt(db, 40, now)).toBe(now)
    await called(1, () => now - 1, { people: 960 })
    expect(await appBudgetOpensAt(db, 40, now)).toBe(now)
    expect(await appBudgetOpensAt(db, 41, now)).toBe(midnight)
  })

  it('counts people again who were refused, and may have got it after all', async () => {
    await companyOf(50)
    const refused = { people: 5_000, state: 'ready' as const }
    for (let attempt = 0; attempt < 3; attempt += 1) await called(1, () => now - HOUR, refused)
    expect(await appBudgetOpensAt(db, 1, now)).toBe(now)
    await db.updateTable('batches').set({ state: 'unknown' }).execute()
    expect(await appBudgetOpensAt(db, 1, now)).toBe(midnight)
  })

  it('reads the day in the ledger once when much was repeated, and not for every call after that', async () => {
    await companyOf(50)
    const peopleOfDay = async () => {
      const { people } = await db
        .selectFrom('callCounts')
        .select('people')
        .where('span', '=', DAY)
        .executeTakeFirstOrThrow()
      return people
    }
    await called(1, () => now - HOUR, { people: 1_000 })
    for (let attempt = 1; attempt < 12; attempt += 1) {
      await db
        .updateTable('batches')
        .set({ attemptedAt: now - HOUR + attempt })
        .execute()
    }
    expect(await peopleOfDay()).toBe(12_000)
    expect(await appBudgetOpensAt(db, 1, now)).toBe(now)
    expect(await peopleOfDay()).toBe(1_000)
  })
})
