import { Worker } from 'node:worker_threads'
import type { ExecutionFilter } from '@qimeng/contract'
import type { WorkbookRow } from './columns.ts'

/** What a file is to be made of. */
export interface ExportOrder {
  databaseUrl: string
  publicUrl: string
  pushId: string
  taskId: string
  filter: ExecutionFilter
  names: Pick<WorkbookRow, 'taskName' | 'pushName' | 'scheduledAt'>
  /** Of one workbook. */
  mostRows: number
}

/** How far it is, or the next workbook. */
export type Step = { rowsDone: number; rowsTotal: number } | { workbook: Uint8Array<ArrayBuffer> }

/**
 * Reads a list and writes its workbooks, step by step, in a thread of its own with its own connection: sorting 50,000 people
 * blocks for longer than the server, which has pushes to send, may wait, and so do their rows. The next step is taken when
 * it is asked for, so that no more than one workbook is in memory. SheetJS is loaded there and not here, where it would
 * take 23 MB for good.
 */
export async function* writeAside(order: ExportOrder): AsyncGenerator<Step, void, void> {
  const thread = new Worker(new URL('./export-thread.ts', import.meta.url), {
    name: 'export',
    workerData: order,
  })
  const ended = new Promise<never>((_, reject) => {
    thread.once('error', reject)
    thread.once('exit', (code) => reject(new Error(`the thread of an export ended with ${code}`)))
  })
  // Heard here too, since nobody may be waiting just then.
  ended.catch(() => {})
  const next = () => {
    const answer = new Promise<Step | null>((resolve) => void thread.once('message', resolve))
    thread.postMessage('next')
    return Promise.race([answer, ended])
  }
  try {
    for (let step = await next(); step; step = await next()) yield step
  } finally {
    await thread.terminate()
  }
}
