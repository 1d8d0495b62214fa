import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { CLOCK_OVERRIDE_SETTING } from 'pg-boss'
import { inject } from 'vitest'
import { newId } from '../db/id.ts'
import { migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import type { Db } from '../parts.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the run on PostgreSQL; undefined in the run on SQLite. */
    postgres: { adminUrl: string; template: string } | undefined
  }
}

/** The engine of this run: the same tests run once on each (vitest.config.ts). */
export const ENGINE: 'sqlite' | 'postgres' = inject('postgres') ? 'postgres' : 'sqlite'

export interface TestDatabase {
  /** For DATABASE_URL. */
  url: string
  drop(): Promise<void>
}

/** A database of a test's own. `empty` has no tables yet; otherwise it may have all of them already. */
export async function createTestDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const postgres = inject('postgres')
  if (!postgres) {
    const folder = await mkdtemp(join(tmpdir(), 'qimeng-database-'))
    return {
      url: `sqlite:${join(folder, 'moments.db')}`,
      drop: () => rm(folder, { recursive: true, force: true }),
    }
  }
  // Only this engine's run loads its driver.
  const { createDatabase, dropDatabase } = await import('./postgres.ts')
  const name = `test_${newId()}`
  const url = await createDatabase(postgres.adminUrl, name, empty ? 'template0' : postgres.template)
  return {
    // Every connection goes by the test's clock (clock.ts), also those on which jobs are only planned.
    url: `${url}&options=${encodeURIComponent(`-c ${CLOCK_OVERRIDE_SETTING}=on`)}`,
    drop: () => dropDatabase(postgres.adminUrl, name),
  }
}

export interface OpenTestDatabase {
  db: Db
  /** Closes and drops it. */
  end(): Promise<void>
}

/** The same, opened, with all tables in it unless it shall be empty. */
export async function openTestDatabase({ empty = false } = {}): Promise<OpenTestDatabase> {
  const database = await createTestDatabase({ empty })
  const db = await openDatabase(database.url)
  if (!empty) await migrate(db)
  return {
    db,
    async end() {
      await db.destroy()
      await database.drop()
    },
  }
}

/** How many rows this connection has written. SQLite only: PostgreSQL counts late. */
export async function rowsWritten(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`select total_changes() as n`.execute(db)
  return rows[0]!.n
}
