import type { TaskForm } from '@qimeng/contract/tasks'
import { startOfMinute } from '@qimeng/contract/time'
import type { TaskDraft } from './draft.ts'
import { draftOf } from './draft.ts'

/** A new task that begins as another one, and what of that one could not come along. */
export interface TaskCopy {
  draft: TaskDraft
  /** One sentence each. */
  notes: string[]
}

/** So many names in one sentence are read; the rest is a number. */
const NAMED = 5

/**
 * Everything of a task that can be planned once more: minutes that have passed must be chosen anew, and who has left is not
 * asked again.
 * @param now the server's time in epoch ms
 */
export function copyTask(task: TaskForm, now: number): TaskCopy {
  const draft = { ...draftOf(task), version: null }
  const left = draft.executors.filter(({ active }) => !active)
  const isOver = (at: number) => at < startOfMinute(now)
  const over = task.pushes.filter(({ scheduledAt }) => isOver(scheduledAt))
  draft.executors = draft.executors.filter(({ active }) => active)
  draft.pushes = draft.pushes.map((push, index) =>
    isOver(task.pushes[index]!.scheduledAt) ? { ...push, scheduledAt: null } : push,
  )
  const notes = []
  if (over.length > 0) notes.push(`${over.map(({ name }) => `「${name}」`).join('')}的推送时间已过，请重新选择。`)
  if (left.length > 0) notes.push(`${namesOf(left.map(({ name }) => name))}已离职或不在应用可见范围内，没有复制。`)
  return { draft, notes }
}

const namesOf = (names: string[]): string =>
  names.slice(0, NAMED).join('、') + (names.length > NAMED ? `等 ${names.length} 人` : '')
