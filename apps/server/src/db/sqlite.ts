import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Sqlite from 'better-sqlite3'
import { CamelCasePlugin, Kysely, type Logger, sql } from 'kysely'
import { GroupCommitDialect } from './dialect-sqlite.ts'
import { lockDatabase } from './lock.ts'
import type { Database } from './schema.ts'
import { keepPrepared } from './statements.ts'

/** How long (ms) a query waits for a backup or a shell that holds the write lock. The event loop stands still meanwhile. */
const BUSY_TIMEOUT_MS = 5_000

/**
 * Opens an SQLite file, creating it and its folder, and keeps every other process out until `destroy()`.
 * @throws {DatabaseInUse} when another process is in already
 */
export async function openSqlite(path: string, watch?: Logger): Promise<Kysely<Database>> {
  const file = resolve(path)
  mkdirSync(dirname(file), { recursive: true })
  const lock = lockDatabase(file)
  try {
    const sqlite = openFile(file)
    const database = {
      prepare: keepPrepared(sqlite),
      get inTransaction() {
        return sqlite.inTransaction
      },
      close: () => {
        sqlite.close()
        lock.release()
      },
    }
    const db = new Kysely<Database>({
      dialect: new GroupCommitDialect(database),
      plugins: [new CamelCasePlugin()],
      ...(watch ? { log: watch } : {}),
    })
    // Kysely's destroy() closes nothing before a first query has started its driver, and would keep the lock.
    await sql`select 1`.execute(db)
    return db
  } catch (error) {
    lock.release()
    throw error
  }
}

function openFile(file: string): Sqlite.Database {
  const sqlite = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    sqlite.pragma('journal_mode = WAL')
    // FULL: a commit is on the disk when it returns, also after a power cut. WAL's usual NORMAL may lose the last ones.
    sqlite.pragma('synchronous = FULL')
    sqlite.pragma('foreign_keys = ON')
    return sqlite
  } catch (error) {
    sqlite.close()
    throw error
  }
}
