import Sqlite from 'better-sqlite3'

/** Another process works on the same data: SQLite means one process (DESIGN.md 5). */
export class DatabaseInUse extends Error {
  constructor(file: string) {
    super(`Another process is already using ${file}; stop it first, or choose another DATABASE_URL.`)
    this.name = 'DatabaseInUse'
  }
}

/**
 * Holds an exclusive lock beside the database until released or until this process ends, however it ends: it is the
 * operating system's file lock, taken by SQLite on an empty database of its own. A pid file would outlive a kill -9, and
 * an exclusive lock on the database itself would keep backups and shells out.
 */
export function lockDatabase(file: string): { release(): void } {
  const lock = new Sqlite(`${file}.lock`, { timeout: 0 })
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')) throw new DatabaseInUse(file)
    throw error
  }
  return { release: () => lock.close() }
}
