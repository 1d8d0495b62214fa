import { TASK_STATE_LABEL, type TaskState } from '@qimeng/contract/limits'
import type { PushState } from '../db/schema.ts'

/**
 * What a task's state says about its pushes, in one place: is any of them still scheduled, was any issued? One that was
 * missed or cancelled is neither (PRODUCT.md 2, "States").
 */
const RULES: Record<TaskState, { scheduled: boolean; issued?: boolean }> = {
  not_started: { scheduled: true, issued: false },
  running: { scheduled: true, issued: true },
  finished: { scheduled: false },
}

const TASK_STATES = Object.keys(TASK_STATE_LABEL) as TaskState[]
const rulesOf = (state: TaskState) => Object.entries(RULES[state]) as ['scheduled' | 'issued', boolean][]

/** The state of a task with pushes in these states. */
export function taskState(pushes: Iterable<PushState>): TaskState {
  const present = new Set(pushes)
  return TASK_STATES.find((state) => rulesOf(state).every(([push, wanted]) => present.has(push) === wanted))!
}

/** 下达前可编辑: until the first push is issued; one that was missed has not been. */
export const isEditable = (pushes: readonly { state: PushState }[]) => pushes.every(({ state }) => state !== 'issued')
