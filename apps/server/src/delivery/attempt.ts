import type { BatchKind, BatchState } from '../db/schema.ts'

/** One call of message/send that is about to be made, or has been. */
export interface Attempt {
  batchId: string
  pushId: string
  taskId: string
  taskName: string
  pushName: string
  taskDeleted: boolean
  kind: BatchKind
  round: number
  body: string
  recipients: string[]
  createdAt: number
  /** 1 at the first call. */
  number: number
  /** Nobody who does not know it may write the outcome. */
  fence: string
  /** Until when (epoch ms) its call may leave, the repetition with a new token included. */
  leaveBy: number
  /** State before this attempt. */
  stateBefore: BatchState
  /** Time of the first earlier attempt that WeCom may have accepted. */
  ambiguousBefore: number | null
}
