import type { NewPush, NewTask } from '@qimeng/contract/tasks'
import type { Selectable } from 'kysely'
import type { Database } from '../db/schema.ts'
import type { Db } from '../parts.ts'
import { chunks } from '../db/chunks.ts'
import { compileOnce, compileOnceForOne } from '../db/compiled.ts'
import { foldForSearch } from '../db/search.ts'
import { catalogue } from './catalogue.ts'
import { taskState } from './state.ts'

export type TaskRecord = Selectable<Database['tasks']>
export type PushRecord = Selectable<Database['pushes']>

/** A task as the console knows it: a deleted one is not there. */
export const findTask = (db: Db, taskId: string): Promise<TaskRecord | undefined> => undeletedTask(db, { taskId })

const undeletedTask = compileOnceForOne((db, { taskId }: { taskId: string }) =>
  db.selectFrom('tasks').selectAll().where('id', '=', taskId).where('deletedAt', 'is', null),
)

export const pushesOf = (db: Db, taskId: string): Promise<PushRecord[]> => pushesInOrder(db, { taskId })

const pushesInOrder = compileOnce((db, { taskId }: { taskId: string }) =>
  db.selectFrom('pushes').selectAll().where('taskId', '=', taskId).orderBy('position'),
)

export async function insertTask(trx: Db, id: string, plan: NewTask, createdBy: string, now: number) {
  const task = {
    id,
    ...plannedColumns(plan),
    createdBy,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
    erasedAt: null,
  }
  await trx.insertInto('tasks').values(task).execute()
  await catalogue(trx, undefined, task)
}

export async function updateTask(trx: Db, task: TaskRecord, plan: NewTask, now: number) {
  await changeTask(trx, task, { ...plannedColumns(plan), updatedAt: nextVersion(task, now) })
}

/** A push of this task has changed its state: called in the same transaction, so that the list never shows another. */
export async function settleTask(trx: Db, taskId: string) {
  const task = await trx.selectFrom('tasks').selectAll().where('id', '=', taskId).executeTakeFirstOrThrow()
  const pushes = await trx.selectFrom('pushes').select('state').where('taskId', '=', taskId).execute()
  await changeTask(trx, task, { state: taskState(pushes.map(({ state }) => state)) })
}

/** Whoever is editing this task must look at it again. */
export async function renewVersion(trx: Db, taskId: string, now: number) {
  const task = await findTask(trx, taskId)
  if (task) await changeTask(trx, task, { updatedAt: nextVersion(task, now) })
}

async function changeTask(trx: Db, task: TaskRecord, change: Partial<TaskRecord>) {
  await trx.updateTable('tasks').set(change).where('id', '=', task.id).execute()
  await catalogue(trx, task, { ...task, ...change })
}

/** `updatedAt` is the version of a task, so two changes within a millisecond, or after a clock set back, differ too. */
const nextVersion = ({ updatedAt }: TaskRecord, now: number) => Math.max(now, updatedAt + 1)

const plannedColumns = ({ name, sendScope, hint, pushes }: NewTask) => ({
  name,
  searchName: foldForSearch(name),
  sendScope,
  hint,
  state: taskState(pushes.map(() => 'scheduled')),
})

export async function insertExecutors(trx: Db, taskId: string, userids: readonly string[]) {
  const rows = userids.map((userid, position) => ({ taskId, userid, position }))
  for (const some of chunks(rows)) await trx.insertInto('taskExecutors').values(some).execute()
}

export async function insertPush(trx: Db, at: { id: string; taskId: string; position: number }, push: NewPush) {
  const { name, scheduledAt, text, link, images } = push
  await trx
    .insertInto('pushes')
    .values({
      ...at,
      name,
      scheduledAt,
      text,
      linkUrl: link?.url ?? null,
      linkTitle: link?.title ?? null,
      linkDescription: link?.description ?? null,
      linkCoverId: link?.coverId ?? null,
      state: 'scheduled',
      issuedAt: null,
      late: 0,
      reminderRounds: 0,
    })
    .execute()
  if (images.length === 0) return
  const rows = images.map((imageId, position) => ({ pushId: at.id, imageId, position }))
  await trx.insertInto('pushImages').values(rows).execute()
}

/** Removes executors and pushes of a task that has issued nothing, to make room for a new plan. */
export async function deletePlan(trx: Db, taskId: string) {
  const pushes = trx.selectFrom('pushes').select('id').where('taskId', '=', taskId)
  await trx.deleteFrom('pushImages').where('pushId', 'in', pushes).execute()
  await trx.deleteFrom('pushes').where('taskId', '=', taskId).execute()
  await trx.deleteFrom('taskExecutors').where('taskId', '=', taskId).execute()
}

export async function markDeleted(trx: Db, task: TaskRecord, now: number) {
  await changeTask(trx, task, { deletedAt: now, updatedAt: nextVersion(task, now) })
  await trx
    .updateTable('pushes')
    .set({ state: 'cancelled' })
    .where('taskId', '=', task.id)
    .where('state', '=', 'scheduled')
    .execute()
  await settleTask(trx, task.id)
}

/** From now on it is there for nobody, and its rows are taken away. */
export async function markErased(trx: Db, task: TaskRecord, now: number) {
  await changeTask(trx, task, { erasedAt: now, deletedAt: task.deletedAt ?? now })
}

/** Which of these are active employees. */
export async function activeAmong(db: Db, userids: readonly string[]): Promise<Set<string>> {
  const active = new Set<string>()
  for (const some of chunks(userids)) {
    const rows = await db
      .selectFrom('employees')
      .select('userid')
      .where('userid', 'in', some)
      .where('active', '=', 1)
      .execute()
    for (const { userid } of rows) active.add(userid)
  }
  return active
}
