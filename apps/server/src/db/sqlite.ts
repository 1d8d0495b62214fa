import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Sqlite from 'better-sqlite3'
import { CamelCasePlugin, type Kysely, type Logger, sql } from 'kysely'
import { GroupCommitDialect, ReadingDialect } from './dialect-sqlite.ts'
import { lockDatabase } from './lock.ts'
import { ReadAsideKysely } from './read-aside.ts'
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
    const writer = openWriter(file)
    const reader = new Sqlite(file, { readonly: true, timeout: BUSY_TIMEOUT_MS })
    const rest = { plugins: [new CamelCasePlugin()], ...(watch ? { log: watch } : {}) }
    const writing = new GroupCommitDialect({
      prepare: keepPrepared(writer),
      get inTransaction() {
        return writer.inTransaction
      },
      close: () => {
        writer.close()
        lock.release()
      },
    })
    const database = { prepare: keepPrepared(reader), close: () => void reader.close() }
    const reading = new ReadingDialect({ database })
    const db = new ReadAsideKysely<Database>({ ...rest, dialect: writing }, { ...rest, dialect: reading })
    // Kysely's destroy() closes nothing before a first query has started its driver, and would keep the lock.
    await sql`select 1`.execute(db)
    await db
      .selectFrom(sql`(select 1)`.as('one'))
      .selectAll()
      .execute()
    return db
  } catch (error) {
    lock.release()
    throw error
  }
}

function openWriter(file: string): Sqlite.Database {
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
