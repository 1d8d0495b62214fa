import { DAY, MINUTE, startOfShanghaiDay } from '@qimeng/contract/time'
import type { Db } from '../parts.ts'
import type { Limits } from './budget.ts'

/** The rules of the app's budget as they are meant, summed up over the whole ledger: what counts may be kept must say the same. */
export async function plainBudgetOpensAt(db: Db, people: number, now: number, limits: Limits): Promise<number> {
  const ledger = await db.selectFrom('batches').select(['attemptedAt', 'state', 'errcode', 'people']).execute()
  const calls = ledger.flatMap(({ attemptedAt, ...call }) =>
    attemptedAt === null ? [] : [{ ...call, at: attemptedAt }],
  )
  const ofLastMinute = calls.filter(({ at }) => at > now - MINUTE).sort((a, b) => b.at - a.at)
  const tooFast = ofLastMinute.filter(({ at, state, errcode }) => at <= now && state === 'ready' && errcode === 45009)
  const waits = [now]
  if (ofLastMinute.length >= limits.calls) waits.push(ofLastMinute[limits.calls - 1]!.at + MINUTE + 1)
  for (const { at } of tooFast) waits.push(at + MINUTE + 1)

  const today = startOfShanghaiDay(now)
  const maySent = calls.filter(({ at, state }) => at >= today && ['sending', 'sent', 'unknown'].includes(state))
  const used = maySent.reduce((sum, call) => sum + call.people, 0)
  const copies = await db.selectFrom('directorySyncs').selectAll().where('error', 'is', null).execute()
  const finished = copies.filter(({ finishedAt }) => finishedAt !== null).sort((a, b) => b.finishedAt! - a.finishedAt!)
  const accounts = Math.max(people, finished[0]?.people ?? 0)
  if (used + people > accounts * limits.dailyPerAccount) waits.push(today + DAY)
  return Math.max(...waits)
}
