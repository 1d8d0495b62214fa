import { setImmediate } from 'node:timers/promises'
import { CARD_STATE_LABEL, EXECUTION_STATE_LABEL, type ExecutionRow } from '@qimeng/contract'
import { StorageFull } from '../blobs/blobs.ts'
import { taskDeleted } from '../delivery/access.ts'
import { listExecutions } from '../delivery/executions.ts'
import type { JobContext } from '../jobs/jobs.ts'
import { markUnread } from '../messages/store.ts'
import type { Parts } from '../parts.ts'
import { Refusal } from '../refusal.ts'
import { EXPORT_LIFETIME, exportBlobKey } from './exports.ts'
import { type ExportRow, findExport, findPushNames, noteProgress, updateExport } from './store.ts'
import { writeWorkbookAside } from './workbook-thread.ts'
import type { WorkbookRow } from './workbook.ts'

const ROWS_AT_A_TIME = 1000

/**
 * Builds the file of an accepted export. Killed half-way it simply runs again from the start: the blob appears whole or not
 * at all. What cannot be done is said in the message centre, where 「重试」 is.
 */
export async function buildExport(parts: Parts, exportId: string, job: JobContext): Promise<void> {
  const wanted = await findExport(parts.db, exportId)
  if (!wanted || wanted.state === 'done' || wanted.state === 'failed') return
  try {
    const rows = await collectRows(parts, wanted, job)
    const { bytes } = await parts.blobs.put(exportBlobKey(exportId), await writeWorkbookAside(rows))
    const expiresAt = parts.clock.now() + EXPORT_LIFETIME
    // People may have moved to the other list since the rows were counted.
    const counted = { rowsDone: rows.length, rowsTotal: rows.length }
    await finish(parts, exportId, job, { state: 'done', ...counted, bytes, expiresAt })
  } catch (error) {
    if (job.signal.aborted) throw error
    // A Refusal, such as a task deleted meanwhile, is no fault of ours.
    if (!(error instanceof Refusal)) parts.log.error({ err: error, exportId }, 'an export failed')
    await finish(parts, exportId, job, { state: 'failed', error: reasonOf(error) })
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.message
  return error instanceof StorageFull ? '服务器存储空间不足，请联系管理员' : '系统出错了，请重试'
}

async function collectRows({ db, config }: Parts, wanted: ExportRow, job: JobContext): Promise<WorkbookRow[]> {
  const push = await findPushNames(db, wanted.pushId)
  if (!push) throw taskDeleted()
  const rows: WorkbookRow[] = []
  let cursor: string | undefined
  do {
    job.signal.throwIfAborted()
    const page = await listExecutions(db, wanted.pushId, { ...wanted.filter, cursor, limit: ROWS_AT_A_TIME })
    for (const row of page.rows)
      rows.push({ ...push, ...describe(row, proofPage(config.publicUrl, push.taskId, wanted, row)) })
    await noteProgress(db, wanted.id, { rowsDone: rows.length, rowsTotal: page.total })
    cursor = page.next ?? undefined
    // SQLite answers without ever waiting: without a pause nobody else is served until the last row, nor sees the bar move.
    await setImmediate()
  } while (cursor)
  return rows
}

type Described = Omit<WorkbookRow, 'taskName' | 'pushName' | 'scheduledAt'>

const describe = (row: ExecutionRow, proofUrl: string): Described => ({
  name: row.name,
  userid: row.userid,
  department: row.department,
  state: EXECUTION_STATE_LABEL[row.state],
  card: CARD_STATE_LABEL[row.cardState] + (row.cardReason ? `：${row.cardReason}` : ''),
  executedAt: row.executedAt,
  reminders: row.reminders,
  proofImages: row.proofImages,
  proofUrl: row.proofImages > 0 ? proofUrl : null,
})

/** The console's page with this person's proofs open; it asks for a login first. */
function proofPage(publicUrl: string, taskId: string, { pushId }: ExportRow, { userid }: ExecutionRow) {
  return `${publicUrl}/admin/tasks/${taskId}?${new URLSearchParams({ push: pushId, list: 'done', proof: userid })}`
}

type Outcome = Parameters<typeof updateExport>[2]

/** Not by a worker that lost its lease: another one is at it then. */
async function finish({ db, clock, metrics }: Parts, exportId: string, job: JobContext, outcome: Outcome) {
  await db.transaction().execute(async (trx) => {
    if (!(await job.stillMine(trx))) return
    metrics.exports.inc({ outcome: outcome.state })
    await updateExport(trx, exportId, { ...outcome, finishedAt: clock.now() })
    await markUnread(trx, exportId)
  })
}
