import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'

export interface CopyOrder {
  from: string
  to: string
  /** Epoch milliseconds, written into the copy. */
  takenAt: number
}

/** Between two steps of a copy anybody may write, and SQLite begins anew: so it is one step. */
const ALL_PAGES = 0x7fffffff
/** How long (ms) to wait for a lock of whoever writes. */
const BUSY_TIMEOUT_MS = 10_000

/**
 * Copies an SQLite file that may be in use to a file of that name, whole and checked, or not at all. The copy is marked as
 * one: a server that starts on it holds what it may have sent already (delivery/hold.ts). In a thread of its own, since
 * copying and checking block, and the server has pushes to send meanwhile.
 */
export function copyDatabase(order: CopyOrder): Promise<void> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL(import.meta.url), { name: 'database copy' })
    thread.once('message', () => resolve())
    thread.once('error', reject)
    thread.once('exit', (code) => reject(new Error(`the thread that copies the database ended with ${code}`)))
    thread.postMessage(order)
  })
}

/** @throws when the file is damaged */
export function checkIntegrity(sqlite: Sqlite.Database): void {
  const findings = sqlite.pragma('integrity_check', { simple: true })
  if (findings !== 'ok') throw new Error(`${sqlite.name} is damaged: ${String(findings)}`)
}

async function copy({ from, to, takenAt }: CopyOrder) {
  const half = `${to}.half`
  rmSync(half, { force: true })
  try {
    const source = new Sqlite(from, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS })
    try {
      await source.backup(half, { progress: () => ALL_PAGES })
    } finally {
      source.close()
    }
    mark(half, takenAt)
    syncPath(half)
    renameSync(half, to)
    syncPath(dirname(to))
  } catch (error) {
    for (const path of [half, `${half}-journal`]) rmSync(path, { force: true })
    throw error
  }
}

function mark(file: string, takenAt: number) {
  const copied = new Sqlite(file)
  try {
    // Without WAL it is one file, whoever carries it away.
    copied.pragma('journal_mode = DELETE')
    copied.exec('create table if not exists copy_marks (taken_at bigint not null)')
    // One of a copy that nobody has worked with keeps the older time.
    copied.prepare('insert into copy_marks select ? where not exists (select * from copy_marks)').run(takenAt)
    checkIntegrity(copied)
  } finally {
    copied.close()
  }
}

/** Of a file or a folder. */
export function syncPath(path: string) {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

if (!isMainThread && parentPort) {
  const port = parentPort
  port.once('message', (order: CopyOrder) => {
    void copy(order).then(() => {
      port.postMessage('done')
      port.close()
    })
  })
}
