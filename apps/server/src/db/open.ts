import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Sqlite from 'better-sqlite3'
import { CamelCasePlugin, Kysely, sql } from 'kysely'
import { ImmediateSqliteDialect } from './dialect-sqlite.ts'
import { lockDatabase } from './lock.ts'
import type { Database } from './schema.ts'
import { keepPrepared } from './statements.ts'

const SQLITE_SCHEME = 'sqlite:'

/** How long (ms) a query waits for a backup or a shell that holds the write lock. The event loop stands still meanwhile. */
const BUSY_TIMEOUT_MS = 5_000

/**
 * Opens the database named by DATABASE_URL, e.g. `sqlite:./data/moments.db`, creating file and folder, and keeps every
 * other process out until `destroy()`. Throws `DatabaseInUse` when another process is in already.
 */
export async function openDatabase(url: string): Promise<Kysely<Database>> {
  if (!url.startsWith(SQLITE_SCHEME)) throw new Error(`DATABASE_URL must begin with ${SQLITE_SCHEME}`)
  const file = resolve(url.slice(SQLITE_SCHEME.length))
  mkdirSync(dirname(file), { recursive: true })
  const lock = lockDatabase(file)
  try {
    const sqlite = openSqlite(file)
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
      dialect: new ImmediateSqliteDialect(database),
      plugins: [new CamelCasePlugin()],
    })
    // Kysely's destroy() closes nothing before a first query has started its driver, and would keep the lock.
    await sql`select 1`.execute(db)
    return db
  } catch (error) {
    lock.release()
    throw error
  }
}

function openSqlite(file: string): Sqlite.Database {
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
