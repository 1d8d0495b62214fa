import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import type { ExecutionRow } from '@qimeng/contract'
import { CARD_STATE_LABEL, EXECUTION_STATE_LABEL } from '@qimeng/contract/limits'
import { openForReading } from '../db/look.ts'
import { executionsOf, whomListed } from '../delivery/executions.ts'
import type { Db } from '../parts.ts'
import type { ExportOrder, Step } from './aside.ts'
import type { WorkbookRow } from './columns.ts'
import { WorkbookWriter } from './workbook.ts'

// The other side of aside.ts: what runs in the thread.

const ROWS_AT_A_TIME = 1000

async function* write(db: Db, order: ExportOrder): AsyncGenerator<Step, void, void> {
  const { pushId, filter, mostRows } = order
  const userids = await whomListed(db, pushId, filter)
  let workbook = new WorkbookWriter()
  let written = 0
  for (let at = 0; at < userids.length; at += ROWS_AT_A_TIME) {
    const found = await executionsOf(db, pushId, filter.state, userids.slice(at, at + ROWS_AT_A_TIME))
    for (const row of found) {
      if (workbook.count === mostRows) {
        yield { workbook: await workbook.end() }
        workbook = new WorkbookWriter()
      }
      workbook.add({ ...order.names, ...describe(row, order) })
    }
    written += found.length
    // People may have moved to the other list since they were counted.
    const gone = Math.min(at + ROWS_AT_A_TIME, userids.length) - written
    yield { rowsDone: written, rowsTotal: userids.length - gone }
  }
  yield { workbook: await workbook.end() }
}

const describe = (row: ExecutionRow, order: ExportOrder): Omit<WorkbookRow, keyof ExportOrder['names']> => ({
  name: row.name,
  userid: row.userid,
  department: row.department,
  state: EXECUTION_STATE_LABEL[row.state],
  card: CARD_STATE_LABEL[row.cardState] + (row.cardReason ? `：${row.cardReason}` : ''),
  executedAt: row.executedAt,
  reminders: row.reminders,
  proofImages: row.proofImages,
  proofUrl: row.proofImages > 0 ? proofPage(order, row.userid) : null,
  proofErased: row.proofErased,
})

/** The console's page with this person's proofs open; it asks for a login first. */
const proofPage = ({ publicUrl, taskId, pushId }: ExportOrder, userid: string) =>
  `${publicUrl}/admin/tasks/${taskId}?${new URLSearchParams({ push: pushId, list: 'done', proof: userid })}`

if (!isMainThread && parentPort) {
  const port = parentPort
  const db = await openForReading((workerData as ExportOrder).databaseUrl)
  const steps = write(db, workerData as ExportOrder)
  port.on('message', () => {
    void steps.next().then(({ value }) => {
      const step = value ?? null
      port.postMessage(step, step && 'workbook' in step ? [step.workbook.buffer] : [])
    })
  })
}
