import { Readable } from 'node:stream'
import { BlobsUnavailable, StorageFull } from '../blobs/blobs.ts'
import { taskDeleted } from '../delivery/access.ts'
import type { JobContext } from '../jobs/jobs.ts'
import { markUnread } from '../messages/store.ts'
import type { Parts } from '../parts.ts'
import { Refusal } from '../refusal.ts'
import { writeAside } from './aside.ts'
import { EXPORT_LIFETIME, exportBlobKey } from './exports.ts'
import { archiveName, partName } from './file-name.ts'
import { type ExportRow, findExport, findPushNames, noteProgress, updateExport } from './store.ts'
import { ZipWriter } from './zip.ts'

/** More do not open well, and would take more memory than a server can spare: a list that is longer comes as several. */
const WORKBOOK_ROWS = 50_000

/**
 * Builds the file of an accepted export. Killed half-way it simply runs again from the start: the blob appears whole or not
 * at all. What cannot be done is said in the message centre, where 「重试」 is.
 */
export async function buildExport(
  parts: Parts,
  exportId: string,
  job: JobContext,
  { mostRows } = { mostRows: WORKBOOK_ROWS },
): Promise<void> {
  const wanted = await findExport(parts.db, exportId)
  if (!wanted || wanted.state === 'done' || wanted.state === 'failed') return
  try {
    const file = await makeFile(parts, wanted, job, mostRows)
    const expiresAt = parts.clock.now() + EXPORT_LIFETIME
    await finish(parts, exportId, job, { state: 'done', ...file, expiresAt })
  } catch (error) {
    if (job.signal.aborted) throw error
    // A Refusal, such as a task deleted meanwhile, is no fault of ours.
    if (!(error instanceof Refusal)) parts.log.error({ err: error, exportId }, 'an export failed')
    await finish(parts, exportId, job, { state: 'failed', error: reasonOf(error) })
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.message
  if (error instanceof BlobsUnavailable) return '文件存储暂时无法访问，请稍后重试'
  return error instanceof StorageFull ? '服务器存储空间不足，请联系管理员' : '系统出错了，请重试'
}

type MadeFile = Pick<ExportRow, 'bytes' | 'fileName' | 'rowsDone' | 'rowsTotal'>

async function makeFile(parts: Parts, wanted: ExportRow, job: JobContext, mostRows: number): Promise<MadeFile> {
  const { db, config, blobs } = parts
  const push = await findPushNames(db, wanted.pushId)
  if (!push) throw taskDeleted()
  const { taskId, taskName, pushName, scheduledAt } = push
  const names = { taskName, pushName, scheduledAt }
  const { databaseUrl, publicUrl } = config
  const { pushId, filter } = wanted
  let progress = { rowsDone: 0, rowsTotal: 0 }
  const order = { databaseUrl, publicUrl, pushId, taskId, filter, names, mostRows }
  const workbooks = async function* () {
    for await (const step of writeAside(order)) {
      job.signal.throwIfAborted()
      if ('workbook' in step) yield step.workbook
      else await noteProgress(db, wanted.id, (progress = step))
    }
  }
  const made = workbooks()
  const key = exportBlobKey(wanted.id)
  try {
    const first = await made.next()
    const second = await made.next()
    if (first.done) throw new Error('an export has no workbook')
    const { bytes } = second.done
      ? await blobs.put(key, Buffer.from(first.value.buffer))
      : await blobs.put(key, Readable.from(archive(wanted.fileName, [first.value, second.value], made)))
    return { ...progress, bytes, fileName: second.done ? wanted.fileName : archiveName(wanted.fileName) }
  } finally {
    // A file that could not be stored leaves the thread waiting for its next step.
    await made.return()
  }
}

/** Workbooks are compressed already; the archive only holds them together. */
async function* archive(fileName: string, first: Uint8Array[], others: AsyncIterable<Uint8Array>) {
  const zip = new ZipWriter()
  let number = 0
  const add = (workbook: Uint8Array) => zip.add(partName(fileName, (number += 1)), workbook, { deflate: false })
  for (const workbook of first) yield* add(workbook)
  for await (const workbook of others) yield* add(workbook)
  yield* zip.end()
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
