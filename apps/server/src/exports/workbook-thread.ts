import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { writeWorkbook, type WorkbookRow } from './workbook.ts'

/**
 * Writes the workbook in a thread of its own: SheetJS blocks for about 2 s per 100,000 rows, and the server has pushes to
 * send meanwhile.
 */
export function writeWorkbookAside(rows: WorkbookRow[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL(import.meta.url), { name: 'workbook' })
    thread.once('message', (file: Uint8Array) => resolve(Buffer.from(file)))
    thread.once('error', reject)
    thread.once('exit', (code) => reject(new Error(`the workbook thread ended with ${code}`)))
    thread.postMessage(rows)
  })
}

if (!isMainThread && parentPort) {
  const port = parentPort
  port.once('message', (rows: WorkbookRow[]) => {
    port.postMessage(writeWorkbook(rows))
    port.close()
  })
}
