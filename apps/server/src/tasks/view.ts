import type { PushView, TaskForm, TaskView } from '@qimeng/contract'
import type { AdminSession } from '../http/sessions.ts'
import type { Parts } from '../parts.ts'
import { personRef, personRefs, stranger } from '../people/people.ts'
import { notFound } from '../refusal.ts'
import { contentOf, type PushContent } from './content.ts'
import { countExecutions, countExecutors, type ExecutionCounts } from './counts.ts'
import { executorIds, leftBeforeIssue } from './executors.ts'
import { isEditable } from './state.ts'
import { findTask, type PushRecord, pushesOf, type TaskRecord } from './store.ts'

/** One task with its pushes and counts. A deleted one is not there for the console. */
export async function viewTask(parts: Parts, viewer: AdminSession, taskId: string): Promise<TaskView> {
  const { db } = parts
  const { task, pushes } = await taskAndPushes(parts, taskId)
  const contents = await contentOf(parts, pushes, viewer)
  const counts = await countExecutions(db, taskId)
  const people = await personRefs(db, await leftBeforeIssue(db, taskId))
  return {
    id: task.id,
    name: task.name,
    sendScope: task.sendScope,
    hint: task.hint,
    createdBy: await personRef(db, task.createdBy),
    createdAt: task.createdAt,
    state: task.state,
    editable: isEditable(pushes),
    executors: (await countExecutors(db, [taskId])).get(taskId) ?? 0,
    left: [...people.values()],
    pushes: pushes.map((push) => viewPush(push, contents.get(push.id)!, counts.get(push.id))),
  }
}

/** One task as the form needs it, for editing or copying. */
export async function formOf(parts: Parts, viewer: AdminSession, taskId: string): Promise<TaskForm> {
  const { task, pushes } = await taskAndPushes(parts, taskId)
  const contents = await contentOf(parts, pushes, viewer)
  const userids = await executorIds(parts.db, taskId)
  const people = await personRefs(parts.db, userids)
  return {
    id: task.id,
    version: task.updatedAt,
    name: task.name,
    sendScope: task.sendScope,
    hint: task.hint,
    executors: userids.map((userid) => people.get(userid) ?? stranger(userid)),
    editable: isEditable(pushes),
    pushes: pushes.map(({ id, name, scheduledAt, text }) => ({ name, scheduledAt, text, ...contents.get(id)! })),
  }
}

async function taskAndPushes({ db }: Parts, taskId: string): Promise<{ task: TaskRecord; pushes: PushRecord[] }> {
  const task = await findTask(db, taskId)
  if (!task) throw notFound('任务')
  return { task, pushes: await pushesOf(db, taskId) }
}

const NOBODY: ExecutionCounts = { pending: 0, done: 0, cards: { sending: 0, delivered: 0, failed: 0, unknown: 0 } }

function viewPush(push: PushRecord, content: PushContent, counts = NOBODY): PushView {
  const { id, name, scheduledAt, state, issuedAt, text, reminderRounds } = push
  return { id, name, scheduledAt, state, issuedAt, late: push.late === 1, text, reminderRounds, ...content, ...counts }
}
