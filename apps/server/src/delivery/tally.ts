import type { BatchState } from '../db/schema.ts'

/** How many people of some batches stand where. */
export interface Tally {
  waiting: number
  delivered: number
  failed: number
  unknown: number
}

const COUNTS_AS: Record<BatchState, keyof Tally> = {
  ready: 'waiting',
  sending: 'waiting',
  blocked: 'waiting',
  sent: 'delivered',
  failed: 'failed',
  unknown: 'unknown',
}

export interface CountedBatch {
  state: BatchState
  /** JSON, as in the ledger. */
  recipients: string
  refused: string | null
}

export function tally(batches: readonly CountedBatch[]): Tally {
  const counts: Tally = { waiting: 0, delivered: 0, failed: 0, unknown: 0 }
  for (const { state, recipients, refused } of batches) {
    const people = (JSON.parse(recipients) as string[]).length
    const unreached = refused === null ? 0 : Object.keys(JSON.parse(refused) as object).length
    counts[COUNTS_AS[state]] += people - unreached
    counts.failed += unreached
  }
  return counts
}
