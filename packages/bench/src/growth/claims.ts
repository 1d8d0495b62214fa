import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOUR, MINUTE, startOfShanghaiDay } from '@qimeng/contract'
import { sql } from 'kysely'
import { chunks } from '../../../../apps/server/src/db/chunks.ts'
import { appBudgetOpensAt } from '../../../../apps/server/src/delivery/budget.ts'
import { beginAttempt } from '../../../../apps/server/src/delivery/claim.ts'
import { insertBatch } from '../../../../apps/server/src/delivery/store.ts'
import type { Figure } from '../figures.ts'
import { interleaved, median } from '../measure.ts'
import type { Scale } from '../scale.ts'
import { atDesk, type Desk } from './desk.ts'
import { enginesHere, openPasts } from './engines.ts'

/** Noon of a day on which nothing else was sent. */
const NOON = startOfShanghaiDay(Date.UTC(2026, 1, 2)) + 12 * HOUR
/** Calls of the day that were made within the minute before noon; the others are spread over the morning. */
const OF_THIS_MINUTE = 2_000
/** Claims of one round. */
const CLAIMS = 40

/**
 * What it takes to claim a call, and how much of that is looking up the app's budget, with ever more calls made on the same day.
 * A company that makes none is the bare thing.
 */
export async function claims(scale: Scale): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const engine of enginesHere()) {
    const folder = await mkdtemp(join(tmpdir(), 'qimeng-claims-'))
    const desks: Desk[] = []
    const ends: (() => Promise<void>)[] = []
    try {
      for (const [at, calls] of scale.callsOfDay.entries()) {
        // Of its own, for nothing of it is needed again.
        const pasts = await openPasts(engine, { folder: join(folder, String(at)), kept: false })
        ends.unshift(() => pasts.end())
        desks.push(await atDesk(await pasts.withTasks(TASKS)))
        await makeCalls(desks.at(-1)!, calls)
      }
      const rounds = await interleaved(desks.map(claimRound), scale.rounds)
      const figure = (what: string, of: (round: Round) => number) => {
        const [bare, ...ours] = rounds.map((results) => median(results.map(of)))
        for (const [at, ms] of ours.entries())
          figures.push({
            ...{ what: `${engine}: ${what}, ${scale.callsOfDay[at + 1]} calls of the day / none` },
            ...{ ours: ms, bare: bare!, unit: 'ms' as const, bar: { atMost: 1.3 } },
          })
      }
      figure('a claim', ({ claim }) => claim)
      figure('its budget', ({ budget }) => budget)
    } finally {
      for (const desk of desks) await desk.end()
      for (const end of ends) await end()
      await rm(folder, { recursive: true })
    }
  }
  return figures
}

const TASKS = 20
/** So many that the day's budget is never used up. */
const COMPANY = 100_000

async function makeCalls({ parts: { db } }: Desk, calls: number) {
  await db.updateTable('directorySyncs').set({ people: COMPANY }).execute()
  const morning = NOON - MINUTE - startOfShanghaiDay(NOON)
  const early = calls - Math.min(calls, OF_THIS_MINUTE)
  const times = Array.from({ length: calls }, (_, at) =>
    at < early
      ? startOfShanghaiDay(NOON) + Math.floor((at / early) * morning)
      : NOON - MINUTE + 1 + Math.floor(((at - early) / OF_THIS_MINUTE) * (MINUTE - 1)),
  )
  const ids = await insertBatches(db, times, 'made')
  for (const some of chunks(ids)) {
    const called = { state: 'sending', attempts: 1, attemptedAt: sql<number>`created_at` } as const
    await db.transaction().execute(async (trx) => {
      await trx.updateTable('batches').set(called).where('id', 'in', some).execute()
      await trx.updateTable('batches').set({ state: 'sent' }).where('id', 'in', some).execute()
    })
  }
  await sql`analyze`.execute(db)
}

async function insertBatches(db: Desk['parts']['db'], times: number[], name: string) {
  const { id: pushId } = await db.selectFrom('pushes').select('id').executeTakeFirstOrThrow()
  const ids = times.map((_, at) => `${name}-${at}`)
  await db.transaction().execute(async (trx) => {
    for (const [at, id] of ids.entries()) {
      const batch = { id, pushId, kind: 'card' as const, round: 0, part: 0, body: BODY }
      await insertBatch(trx, { ...batch, requestedBy: null, createdAt: times[at]! }, [`person-${id}`])
    }
  })
  return ids
}

/** About as long as the call for a card. */
const BODY = JSON.stringify({ touser: 'user000', msgtype: 'textcard', textcard: '企'.repeat(150) })

const aJob = { attempt: 1, signal: new AbortController().signal, stillMine: () => Promise.resolve(true) }

interface Round {
  claim: number
  budget: number
}

/** @returns medians in ms */
function claimRound(desk: Desk, number: number) {
  let round = 0
  const parts = { ...desk.parts, clock: { now: () => NOON } }
  return async (): Promise<Round> => {
    const ids = await insertBatches(parts.db, Array<number>(CLAIMS).fill(NOON), `claim-${number}-${(round += 1)}`)
    const claim: number[] = []
    const budget: number[] = []
    for (const id of ids) {
      claim.push(await msOf(() => beginAttempt(parts, id, aJob)))
      await parts.db.transaction().execute(async (trx) => {
        budget.push(await msOf(() => appBudgetOpensAt(trx, 1, NOON)))
      })
    }
    return { claim: median(claim), budget: median(budget) }
  }
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
