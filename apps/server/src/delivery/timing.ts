import { HOUR, MINUTE, SECOND } from '@qimeng/contract/time'
import { NO_ANSWER } from './reasons.ts'

/** A push that goes out later than this (ms) after its minute is marked late. */
const LATE_AFTER = 2 * MINUTE
/** Nothing is sent by itself any more after so long (ms): an administrator decides (PRODUCT.md 2, DESIGN.md 4.4). */
const TOO_LATE_AFTER = 2 * HOUR
/** WeCom drops equal bytes for four hours. Ten minutes before that ends, repeating them stops being safe. */
const UNKNOWN_AFTER = 4 * HOUR - 10 * MINUTE

/** Time services set a clock back by so much (ms); at each of some hundred repeats it would cost those ten minutes. */
const CLOCK_SLACK = 5 * SECOND

export type Punctuality = 'early' | 'on_time' | 'late' | 'missed'

/** How a push stands to its minute. */
export function punctuality(scheduledAt: number, now: number): Punctuality {
  const lateness = now - scheduledAt
  if (lateness < 0) return 'early'
  if (lateness <= LATE_AFTER) return 'on_time'
  return lateness <= TOO_LATE_AFTER ? 'late' : 'missed'
}

/** From when on batches created before it are not sent by themselves. */
export const tooOldBefore = (now: number) => now - TOO_LATE_AFTER

export interface OpenBatch {
  /** JSON array of userids. */
  recipients: string
  createdAt: number
  attemptedAt: number | null
  firstAmbiguousAt: number | null
  taskDeletedAt: number | null
}

/** How an open batch ends without another call, or undefined while it may still be sent. */
export function endWithoutCall(
  batch: OpenBatch,
  now: number,
): { state: 'failed' | 'unknown'; reason: string } | undefined {
  const { recipients, createdAt, attemptedAt, firstAmbiguousAt, taskDeletedAt } = batch
  if (firstAmbiguousAt === null) {
    if (taskDeletedAt !== null) return { state: 'failed', reason: '任务已删除，没有发送' }
    if (recipients === '[]') return { state: 'failed', reason: '需要提醒的员工都已执行' }
    if (createdAt < tooOldBefore(now)) return { state: 'failed', reason: '超过 2 小时未能发出，请确认后重新发送' }
    return undefined
  }
  if (taskDeletedAt !== null) return { state: 'unknown', reason: '任务已删除，不再向企业微信确认结果' }
  if (now - firstAmbiguousAt >= UNKNOWN_AFTER) return { state: 'unknown', reason: NO_ANSWER }
  // The clock was set back: nobody can say any more how much of WeCom's four hours is left.
  if (attemptedAt !== null && now < attemptedAt - CLOCK_SLACK) return { state: 'unknown', reason: NO_ANSWER }
  return undefined
}

/** How one ends whose budget opens only when it would be too late. One that may have arrived waits for its answer. */
export function endBefore({ createdAt, firstAmbiguousAt }: OpenBatch, opensAt: number) {
  if (firstAmbiguousAt !== null || createdAt >= tooOldBefore(opensAt)) return undefined
  return { state: 'failed' as const, reason: '今天的消息数已达到企业微信的上限，请明天重新发送' }
}
