import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import Sqlite from 'better-sqlite3'
import { CamelCasePlugin, Kysely } from 'kysely'
import { GroupCommitDialect } from './dialect-sqlite.ts'
import { migrate } from './migrate.ts'
import { isPostgres, openDatabase } from './open.ts'
import type { Database } from './schema.ts'

/**
 * Opens the database for reading alone, beside a server that may be at work on it. Where none was ever started there is
 * an empty one, in memory.
 */
export async function openForReading(url: string): Promise<Kysely<Database>> {
  // PostgreSQL lets everybody read beside everybody.
  if (isPostgres(url)) return openDatabase(url)
  const file = resolve(url.replace(/^sqlite:/, ''))
  const there = existsSync(file)
  const sqlite = there ? new Sqlite(file, { readonly: true }) : new Sqlite(':memory:')
  const db = new Kysely<Database>({
    dialect: new GroupCommitDialect({
      prepare: (text: string) => sqlite.prepare<unknown[]>(text),
      get inTransaction() {
        return sqlite.inTransaction
      },
      close: () => void sqlite.close(),
    }),
    plugins: [new CamelCasePlugin()],
  })
  if (!there) await migrate(db)
  return db
}
