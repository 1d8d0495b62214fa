import { DAY, HOUR, MINUTE, parseShanghai, SECOND, startOfShanghaiDay } from '@qimeng/contract/time'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BatchState } from '../db/schema.ts'
import type { Db } from '../parts.ts'
import { insertPush, insertTask } from '../tasks/store.ts'
import { aPush, aTask } from '../test/builders.ts'
import { openTestDatabase, type OpenTestDatabase } from '../test/database.ts'
import { plainBudgetOpensAt } from './budget.fixture.ts'
import { appBudgetOpensAt } from './budget.ts'
import { forgetSlots } from './call-counts.ts'
import { insertBatch } from './store.ts'

let database: OpenTestDatabase
let db: Db
beforeAll(async () => {
  database = await openTestDatabase()
  db = database.db
  await insertTask(db, 't', aTask(), 'zhangsan', 0)
  await insertPush(db, { id: 'p', taskId: 't', position: 0 }, aPush())
})
afterAll(() => database.end())

/** So small that a short history comes to them. */
const LIMITS = { calls: 4, dailyPerAccount: 3 }
const ACCOUNTS = 40
const BATCHES = 12

const batch = fc.nat(BATCHES - 1)
/** The clock of the process that claims, beside the true one: one of two machines may be wrong. */
const process = fc.constantFrom(0, 0, 0, 0, 0, -3 * SECOND, -2 * MINUTE, HOUR)
const outcome = fc.constantFrom<[BatchState, number | null]>(
  ['sent', 0],
  ['sent', 0],
  ['ready', null],
  ['ready', 45009],
  ['sending', null],
  ['failed', 40003],
  ['unknown', null],
  ['blocked', 60020],
)
/** Mostly a few seconds, so that much is about as old as a minute. */
const pause = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 30 * SECOND }) },
  { weight: 1, arbitrary: fc.constantFrom(MINUTE, 5 * HOUR, -1, -SECOND, -MINUTE, -5 * HOUR) },
)
const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ claim: batch, people: fc.integer({ min: 1, max: 40 }), process }) },
  { weight: 8, arbitrary: fc.record({ settle: batch, outcome }) },
  { weight: 8, arbitrary: fc.record({ pass: pause }) },
  { weight: 1, arbitrary: fc.constant({ midnight: true as const }) },
  { weight: 1, arbitrary: fc.record({ erase: batch }) },
  { weight: 1, arbitrary: fc.constant({ sweep: true as const }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** Does with the ledger what the product does with it, and whenever it asks for the budget, asks the plain rules as well. */
async function live(history: Step[]) {
  await db.deleteFrom('batches').execute()
  await db.deleteFrom('callCounts').execute()
  for (let number = 0; number < BATCHES; number += 1) {
    const row = { id: `b${number}`, pushId: 'p', kind: 'card' as const, round: 0, part: number, body: '' }
    await insertBatch(db, { ...row, requestedBy: null, createdAt: 0 }, ['lisi'])
  }
  let clock = parseShanghai('2026-11-25 23:30')!
  for (const does of history) {
    if ('claim' in does) await claim(`b${does.claim}`, does.people, clock + does.process)
    else if ('settle' in does) {
      const [state, errcode] = does.outcome
      await db.updateTable('batches').set({ state, errcode }).where('id', '=', `b${does.settle}`).execute()
    } else if ('pass' in does) clock += does.pass
    else if ('midnight' in does) clock = startOfShanghaiDay(clock) + DAY
    else if ('erase' in does) await db.deleteFrom('batches').where('id', '=', `b${does.erase}`).execute()
    else await forgetSlots(db, clock - DAY)
  }
}

const claim = (id: string, people: number, now: number) =>
  db.transaction().execute(async (trx) => {
    const opensAt = await appBudgetOpensAt(trx, people, now, LIMITS)
    expect(opensAt).toBe(await plainBudgetOpensAt(trx, people, now, LIMITS))
    if (opensAt > now) return
    const call = { state: 'sending', people, attemptedAt: now } as const
    await trx.updateTable('batches').set(call).where('id', '=', id).execute()
  })

it('whatever has happened, the counts say what a sum over the whole ledger says', async () => {
  await db
    .insertInto('directorySyncs')
    .values({ id: 's', reason: 'r', startedAt: 0, finishedAt: 1, people: ACCOUNTS, departments: 1, error: null })
    .execute()
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 90 }), live), {
    numRuns: Number(globalThis.process.env['HISTORIES'] ?? 25),
  })
})
