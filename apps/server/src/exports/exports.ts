import { EXECUTION_STATE_LABEL, type ExecutionFilter, formatShanghai } from '@qimeng/contract'
import type { ByteRange } from '../blobs/blobs.ts'
import { taskDeleted } from '../delivery/access.ts'
import { listExecutions } from '../delivery/executions.ts'
import { announce } from '../messages/announce.ts'
import { markUnread } from '../messages/store.ts'
import type { Db, Parts } from '../parts.ts'
import { notFound, Refusal } from '../refusal.ts'
import { exportFileName } from './file-name.ts'
import { exportsPastExpiry, findExport, findPushNames, insertExport, updateExport } from './store.ts'

/** Files live 7 days (ms). */
export const EXPORT_LIFETIME = 7 * 24 * 3_600_000

export const exportBlobKey = (exportId: string) => `exports/${exportId}`

/** Accepts an export: the row, its message and its job in one transaction, so that none of them can be lost. */
export async function startExport(
  { jobs, clock }: Parts,
  trx: Db,
  { pushId, filter, requestedBy }: { pushId: string; filter: ExecutionFilter; requestedBy: string },
): Promise<string> {
  const push = await findPushNames(trx, pushId)
  if (!push) throw notFound('推送')
  // Before the issue there are no executions, and an edit may still replace the push.
  if (push.state !== 'issued') throw new Refusal('conflict', '推送还没有下达，没有可以导出的名单')
  const { total } = await listExecutions(trx, pushId, { ...filter, limit: 1 })
  if (total === 0) throw new Refusal('conflict', '名单为空，没有可以导出的数据')
  const list = EXECUTION_STATE_LABEL[filter.state]
  const now = clock.now()
  const fileName = exportFileName([push.taskName, push.pushName, list, formatShanghai(now)])
  const exportId = await insertExport(trx, { requestedBy, pushId, filter, fileName }, now)
  await announce(
    trx,
    {
      kind: 'export',
      userid: requestedBy,
      title: `导出「${push.taskName}」${list}名单`,
      body: `推送「${push.pushName}」，${formatShanghai(push.scheduledAt)}`,
      taskId: push.taskId,
      pushId,
      exportId,
    },
    now,
  )
  await jobs.enqueue(trx, 'export.build', { exportId }, { key: `export:${exportId}` })
  return exportId
}

/** Runs a failed export again. Only its owner sees it at all. */
export async function retryExport({ db, jobs }: Parts, exportId: string, userid: string) {
  await db.transaction().execute(async (trx) => {
    const { state, pushId } = await ownExport(trx, exportId, userid)
    if (!(await findPushNames(trx, pushId))) throw taskDeleted()
    if (state !== 'failed') throw new Refusal('conflict', '只有失败的导出才能重试')
    await updateExport(trx, exportId, { state: 'queued', rowsDone: 0, rowsTotal: 0, error: null, finishedAt: null })
    await jobs.enqueue(trx, 'export.build', { exportId }, { key: `export:${exportId}` })
    await markUnread(trx, exportId)
  })
}

/** @throws {Refusal} not_found, also for somebody else's export and for a file that has expired */
export async function openExport({ db, blobs, clock }: Parts, exportId: string, userid: string, range?: ByteRange) {
  const { state, fileName, expiresAt } = await ownExport(db, exportId, userid)
  if (state !== 'done') throw new Refusal('conflict', '导出还没有完成')
  if (expiresAt !== null && expiresAt < clock.now()) throw new Refusal('not_found', '文件已过期，请重新导出')
  const blob = await blobs.get(exportBlobKey(exportId), range)
  if (!blob) throw notFound('文件')
  return { ...blob, fileName }
}

/** Removes the files whose 7 days are over; the message stays and says so. */
export async function dropExpiredExports({ db, blobs, clock }: Parts) {
  for (const { id } of await exportsPastExpiry(db, clock.now())) {
    await blobs.delete(exportBlobKey(id))
    await updateExport(db, id, { bytes: null })
  }
}

async function ownExport(db: Db, exportId: string, userid: string) {
  const found = await findExport(db, exportId)
  if (!found || found.requestedBy !== userid) throw notFound('导出')
  return found
}
