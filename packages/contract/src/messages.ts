import { z } from 'zod'
import { ExecutionFilter } from './delivery.ts'
import { endpoint } from './endpoint.ts'
import { id, instant, Nothing, page, paging } from './fields.ts'
import { RATES } from './rates.ts'

export const ExportView = z.object({
  id,
  state: z.enum(['queued', 'running', 'done', 'failed']),
  rowsDone: z.int(),
  rowsTotal: z.int(),
  fileName: z.string(),
  bytes: z.int().nullable(),
  error: z.string().nullable(),
  /** Files live 7 days. */
  expiresAt: instant.nullable(),
})
export type ExportView = z.output<typeof ExportView>

export const MessageView = z.object({
  id,
  kind: z.enum(['export', 'push_missed', 'cards_undelivered', 'configuration']),
  title: z.string(),
  body: z.string(),
  createdAt: instant,
  read: z.boolean(),
  taskId: id.nullable(),
  pushId: id.nullable(),
  export: ExportView.nullable(),
})
export type MessageView = z.output<typeof MessageView>

export const messageApi = {
  list: endpoint({
    method: 'GET',
    path: '/api/console/messages',
    for: 'admin',
    summary: 'My exports and the alerts, newest first',
    query: z.object(paging),
    reply: page(MessageView),
  }),
  unread: endpoint({
    method: 'GET',
    path: '/api/console/messages/unread',
    for: 'admin',
    summary: 'How many messages I have not read',
    reply: z.object({ unread: z.int() }),
  }),
  markRead: endpoint({
    method: 'POST',
    path: '/api/console/messages/read',
    for: 'admin',
    summary: 'Mark messages as read; null means all',
    body: z.object({ ids: z.array(id).max(1000).nullable() }),
    reply: Nothing,
  }),
}

export const exportApi = {
  start: endpoint({
    method: 'POST',
    path: '/api/console/pushes/:pushId/exports',
    for: 'admin',
    summary: 'Export a list of a push to Excel; progress and file are in 消息',
    body: ExecutionFilter,
    idempotent: true,
    rate: RATES.export,
    reply: z.object({ exportId: id }),
  }),
  retry: endpoint({
    method: 'POST',
    path: '/api/console/exports/:exportId/retry',
    for: 'admin',
    summary: 'Run a failed export again',
    rate: RATES.export,
    reply: Nothing,
  }),
  download: endpoint({
    method: 'GET',
    path: '/api/console/exports/:exportId/file',
    for: 'admin',
    summary: 'The finished .xlsx',
  }),
}
