import type { deliveryApi } from '@qimeng/contract/delivery'
import type { ReplyOf } from '@qimeng/contract/endpoint'
import { DAY, HOUR, MINUTE } from '@qimeng/contract/time'
import { sql } from 'kysely'
import type { Parts } from '../parts.ts'
import { requirePush } from './pushes.ts'

type Timeline = ReplyOf<typeof deliveryApi.timeline>

/** As many steps as a chart of ordinary width can show apart. */
const MOST_STEPS = 48

/** Lengths (ms) a person reads off a clock; beyond them whole days. */
const LENGTHS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * HOUR),
]

/** Midnight in Shanghai is 16:00 UTC: steps of hours and days begin where a clock there says so. */
const SHANGHAI_AHEAD = 8 * HOUR

/** Equal steps from the issue up to now, the last of which holds now. */
export function stepsBetween(issuedAt: number, now: number): { from: number; step: number; count: number } {
  const last = Math.max(issuedAt, now)
  const cut = (step: number) => {
    const unit = Math.min(step, DAY)
    const from = Math.floor((issuedAt + SHANGHAI_AHEAD) / unit) * unit - SHANGHAI_AHEAD
    return { from, step, count: Math.floor((last - from) / step) + 1 }
  }
  const fitting = LENGTHS.map(cut).find(({ count }) => count <= MOST_STEPS)
  return fitting ?? cut(Math.ceil(cut(DAY).count / MOST_STEPS) * DAY)
}

/** Completions of a push since its issue. @throws {Refusal} not_found */
export async function completionTimeline(
  { db, clock }: Pick<Parts, 'db' | 'clock'>,
  pushId: string,
): Promise<Timeline> {
  const { taskId, issuedAt, scheduledAt } = await requirePush(db, pushId)
  if (issuedAt === null) return { from: scheduledAt, step: MINUTE, done: [] }
  const { from, step, count } = stepsBetween(issuedAt, clock.now())
  // Cast, because SQLite takes a bound number for a real one and would not divide it into whole steps.
  const place = sql<number>`(executed_at - cast(${from} as bigint)) / cast(${step} as bigint)`
  const rows = await db
    .selectFrom('executions')
    .select(({ fn }) => [place.as('place'), fn.countAll<number>().as('people')])
    // The task too: the index begins with it and holds all that is asked here.
    .where('taskId', '=', taskId)
    .where('pushId', '=', pushId)
    .where('executedAt', 'is not', null)
    .groupBy('place')
    .execute()
  const done = Array<number>(count).fill(0)
  // A clock that was set back leaves completions before the issue or after now: they count at the ends.
  for (const row of rows) done[Math.min(count - 1, Math.max(0, row.place))]! += row.people
  return { from, step, done }
}
