import { formatShanghai } from '@qimeng/contract/time'
import { kindOf } from '@qimeng/wecom'
import { announce } from '../messages/announce.ts'
import type { Db } from '../parts.ts'
import type { Attempt } from './attempt.ts'
import type { PlannedPush } from './store.ts'
import { tally } from './tally.ts'

/** A push that nobody got, since its minute was too long ago when its turn came. */
export async function announceMissed(trx: Db, { id, taskId, name, taskName, scheduledAt }: PlannedPush, now: number) {
  const title = `推送「${name}」已错过`
  const body =
    `任务「${taskName}」的推送「${name}」应于 ${formatShanghai(scheduledAt)} 发出，现已超过 2 小时，没有发给任何人。` +
    '请打开任务，确认后「立即推送」。'
  await announce(trx, { kind: 'push_missed', title, body, taskId, pushId: id }, now)
}

/** A push whose minute came when nobody was left of those it was planned for. */
export async function announceNobodyLeft(trx: Db, { id, taskId, name, taskName }: PlannedPush, now: number) {
  const title = `推送「${name}」没有发给任何人`
  const body =
    `任务「${taskName}」的推送「${name}」下达时，执行范围内的员工都已离职，或不在应用的可见范围内。` +
    '如果他们仍然在职，请检查应用的可见范围；否则可以复制任务，改选其他员工。'
  await announce(trx, { kind: 'cards_undelivered', title, body, taskId, pushId: id }, now)
}

/** A push of a restored database that may have gone out after the copy was taken. */
export async function announceHeld(trx: Db, push: PlannedPush, takenAt: number, now: number) {
  const { id, taskId, name, taskName, scheduledAt } = push
  const title = `推送「${name}」已错过`
  const body =
    `数据已恢复到 ${formatShanghai(takenAt)} 的备份。任务「${taskName}」的推送「${name}」应于 ${formatShanghai(scheduledAt)} 发出，` +
    '可能已经发给员工，因此没有自动发送。请先向员工核实，没有收到时再打开任务「立即推送」。'
  await announce(trx, { kind: 'push_missed', title, body, taskId, pushId: id }, now)
}

/** Once per trouble: not for every batch that meets it, nor every time one of them tries again. */
export async function announceBlocked(trx: Db, attempt: Attempt, reason: string, now: number) {
  if (attempt.stateBefore === 'blocked') return
  const others = await trx
    .selectFrom('batches')
    .select(['state', 'errcode'])
    .where('state', 'in', ['blocked', 'sending'])
    .where('errcode', 'is not', null)
    .where('id', '!=', attempt.batchId)
    .execute()
  // One that tries just now whether all is well again is known too.
  if (others.some(({ state, errcode }) => state === 'blocked' || kindOf(errcode!) === 'config')) return
  const body = `${reason}处理好后，未发出的任务卡片会自动继续发送；超过 2 小时的需要在任务详情中重新发送。`
  const { taskId, pushId } = attempt
  await announce(trx, { kind: 'configuration', title: '企业微信拒绝了应用的配置', body, taskId, pushId }, now)
}

/** Once per dispatch, when its last batch is through: how many people it did not reach. */
export async function announceUnreached(
  trx: Db,
  { pushId, taskId, kind, round, createdAt, ...names }: Attempt,
  now: number,
) {
  const batches = await trx
    .selectFrom('batches')
    .select(['state', 'recipients', 'refused'])
    .where('pushId', '=', pushId)
    .where('kind', '=', kind)
    .where('round', '=', round)
    .where('createdAt', '=', createdAt)
    .execute()
  const { waiting, failed, unknown } = tally(batches)
  if (waiting > 0 || failed + unknown === 0) return
  const what = kind === 'reminder' ? `第 ${round} 次提醒` : '任务卡片'
  const title = `${failed + unknown} 人可能没有收到${what}`
  const body = `任务「${names.taskName}」的推送「${names.pushName}」：未送达 ${failed} 人，结果未知 ${unknown} 人。请在任务详情中查看原因。`
  await announce(trx, { kind: 'cards_undelivered', title, body, taskId, pushId }, now)
}
