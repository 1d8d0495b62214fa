import type { ChangedTask, NewTask } from '@qimeng/contract/tasks'
import { audit } from '../audit/audit.ts'
import { newId } from '../db/id.ts'
import type { AdminSession } from '../http/sessions.ts'
import { attachImages } from '../images/images.ts'
import type { Db, Parts } from '../parts.ts'
import { personRefs } from '../people/people.ts'
import { notFound, Refusal } from '../refusal.ts'
import { callsUnderWayEnd } from './calls.ts'
import { picturesOf, releasePictures } from './pictures.ts'
import { planProblems } from './plan.ts'
import { scheduleMedia, schedulePush, scheduleRecall, unschedulePush } from './schedule.ts'
import { isEditable } from './state.ts'
import {
  activeAmong,
  deletePlan,
  findTask,
  insertExecutors,
  insertPush,
  insertTask,
  markDeleted,
  pushesOf,
  updateTask,
} from './store.ts'

type Remember = (trx: Db, reply: { id: string }) => Promise<{ id: string }>

/** Task, executors, pushes, their jobs and the line in the audit log: all of it is there afterwards, or nothing. */
export function createTask(parts: Parts, session: AdminSession, plan: NewTask, remember: Remember) {
  return parts.db.transaction().execute(async (trx) => {
    const now = parts.clock.now()
    await checkPlan(parts, trx, plan)
    const id = newId()
    await insertTask(trx, id, plan, session.userid, now)
    await writePlan(parts, trx, id, plan, session)
    await audit(trx, parts, { actor: session.userid, action: 'task.create', subject: id, detail: { name: plan.name } })
    return remember(trx, { id })
  })
}

/**
 * @throws {Refusal} conflict, once a push is issued; stale, when somebody else has changed the task since `version`. Both are
 * decided inside the transaction: a due push, and of two edits the second, wins or loses whole
 */
export function replaceTask(parts: Parts, session: AdminSession, taskId: string, { version, ...plan }: ChangedTask) {
  return parts.db.transaction().execute(async (trx) => {
    const task = await findTask(trx, taskId)
    if (!task) throw notFound('任务')
    const pushes = await pushesOf(trx, taskId)
    if (!isEditable(pushes)) throw new Refusal('conflict', '任务已下达，不能再编辑')
    if (task.updatedAt !== version) throw new Refusal('stale', '任务已被其他人修改，请重新打开后再编辑')
    await checkPlan(parts, trx, plan)
    const pictures = await picturesOf(trx, taskId)
    for (const { id } of pushes) await unschedulePush(parts, trx, id)
    await deletePlan(trx, taskId)
    await updateTask(trx, task, plan, parts.clock.now())
    await writePlan(parts, trx, taskId, plan, session)
    await releasePictures(trx, pictures)
    const detail = { name: plan.name }
    await audit(trx, parts, { actor: session.userid, action: 'task.update', subject: taskId, detail })
    return { id: taskId }
  })
}

/**
 * What has not been sent is never sent, and no card comes after the answer; cards already on phones open a page that says
 * so; proofs stay on record.
 */
export async function deleteTask(parts: Parts, session: AdminSession, taskId: string) {
  await parts.db.transaction().execute(async (trx) => {
    const now = parts.clock.now()
    const task = await findTask(trx, taskId)
    if (!task) throw notFound('任务')
    for (const { id } of await pushesOf(trx, taskId)) await unschedulePush(parts, trx, id)
    await markDeleted(trx, task, now)
    await scheduleRecall(parts, trx, taskId)
    const detail = { name: task.name }
    await audit(trx, parts, { actor: session.userid, action: 'task.delete', subject: taskId, detail })
  })
  await callsUnderWayEnd(parts.db, taskId)
  return {}
}

async function checkPlan({ config, clock }: Parts, trx: Db, plan: NewTask) {
  const active = await activeAmong(trx, plan.executors)
  const refs = await personRefs(
    trx,
    plan.executors.filter((userid) => !active.has(userid)),
  )
  const [first, ...others] = planProblems(plan, {
    now: clock.now(),
    maxExecutors: config.maxExecutors,
    active,
    nameOf: (userid) => refs.get(userid)?.name ?? userid,
  })
  if (first) throw new Refusal('invalid', first.message, { issues: [first, ...others] })
}

async function writePlan(parts: Parts, trx: Db, taskId: string, plan: NewTask, owner: AdminSession) {
  const now = parts.clock.now()
  await insertExecutors(trx, taskId, plan.executors)
  for (const [position, push] of plan.pushes.entries()) {
    const path = ['pushes', position]
    const coverId = push.link?.coverId
    await attachImages(trx, push.images, { owner, purpose: 'content', path: [...path, 'images'], now })
    if (coverId) {
      await attachImages(trx, [coverId], { owner, purpose: 'cover', path: [...path, 'link', 'coverId'], now })
    }
    const id = newId()
    await insertPush(trx, { id, taskId, position }, push)
    await schedulePush(parts, trx, { id, scheduledAt: push.scheduledAt }, { people: plan.executors.length })
    if (plan.sendScope !== 'wechat' && (push.images.length > 0 || coverId)) {
      await scheduleMedia(parts, trx, { id, scheduledAt: push.scheduledAt })
    }
  }
}
