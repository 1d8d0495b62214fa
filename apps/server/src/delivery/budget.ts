import { HOUR, MINUTE } from '@qimeng/contract/time'
import type { BatchKind } from '../db/schema.ts'
import type { Db } from '../parts.ts'

/** What WeCom delivers to one member from one app; it drops the excess without a word (WECOM.md 1.3). */
const ALLOWANCES = [
  { messages: 30, within: MINUTE },
  { messages: 1000, within: HOUR },
]

interface Candidate {
  id: string
  pushId: string
  kind: BatchKind
  round: number
  /** JSON array of userids. */
  recipients: string
}

/**
 * When every recipient of the batch may get another message: now, or the moment at which the oldest of those sent falls
 * out of its minute or hour. A call whose outcome is open counts like one that was accepted.
 */
export async function budgetOpensAt(trx: Db, batch: Candidate, now: number): Promise<number> {
  let opensAt = now
  for (const { messages, within } of ALLOWANCES) {
    const recent = await dispatchesSince(trx, batch, now - within)
    // A dispatch names a person once, so fewer dispatches than the allowance cannot exceed it: nearly always the end.
    if (recent.length < messages) continue
    const times = await callTimes(trx, batch, now - within)
    for (const calledAt of times.values()) {
      const oldest = calledAt.sort((a, b) => b - a)[messages - 1]
      if (oldest !== undefined) opensAt = Math.max(opensAt, oldest + within + 1)
    }
  }
  return opensAt
}

const calledSince = (db: Db, { id }: Candidate, since: number) =>
  db
    .selectFrom('batches')
    .where('attemptedAt', '>', since)
    .where('state', 'in', ['sending', 'sent', 'unknown'])
    .where('id', '!=', id)

const dispatchesSince = (db: Db, batch: Candidate, since: number) =>
  calledSince(db, batch, since).select(['pushId', 'kind', 'round', 'createdAt']).distinct().execute()

/** When each recipient of the batch got his recent messages. */
async function callTimes(db: Db, batch: Candidate, since: number): Promise<Map<string, number[]>> {
  const times = new Map((JSON.parse(batch.recipients) as string[]).map((userid) => [userid, [] as number[]]))
  const called = await calledSince(db, batch, since).select(['recipients', 'attemptedAt']).execute()
  for (const { recipients, attemptedAt } of called) {
    for (const userid of JSON.parse(recipients) as string[]) times.get(userid)?.push(attemptedAt!)
  }
  return times
}
