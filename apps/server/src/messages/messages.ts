import type { ExportView, MessageView, Page } from '@qimeng/contract'
import type { PageQuery } from '../db/keyset.ts'
import type { Db } from '../parts.ts'
import { countMessages, listMessages } from './store.ts'

type MessageRow = Awaited<ReturnType<typeof listMessages>>['rows'][number]

/** The message centre of one administrator, newest first. */
export async function viewMessages(db: Db, userid: string, paging: PageQuery): Promise<Page<MessageView>> {
  const { rows, next, previous } = await listMessages(db, userid, paging)
  return { rows: rows.map(viewMessage), total: await countMessages(db, userid), next, previous }
}

const viewMessage = (row: MessageRow): MessageView => ({
  id: row.id,
  kind: row.kind,
  title: row.title,
  body: row.body,
  createdAt: row.createdAt,
  read: row.readAt !== null,
  taskId: row.taskId,
  pushId: row.pushId,
  export: viewExport(row),
})

function viewExport(row: MessageRow): ExportView | null {
  const { exportId, exportState, rowsDone, rowsTotal, fileName } = row
  if (exportId === null || exportState === null || rowsDone === null || rowsTotal === null || fileName === null)
    return null
  return {
    id: exportId,
    state: exportState,
    rowsDone,
    rowsTotal,
    fileName,
    bytes: row.bytes,
    error: row.exportError,
    expiresAt: row.expiresAt,
  }
}
