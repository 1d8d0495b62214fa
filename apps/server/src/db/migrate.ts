import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { Migration } from 'kysely/migration'
import * as firstTables from './migrations/0001-first-tables.ts'
import * as taskList from './migrations/0002-task-list.ts'
import * as recalledCards from './migrations/0003-recalled-cards.ts'
import * as momentsMedia from './migrations/0004-moments-media.ts'
import * as callbacks from './migrations/0005-callbacks.ts'
import * as messageBudgets from './migrations/0006-message-budgets.ts'
import * as copyMarks from './migrations/0007-copy-marks.ts'
import * as moves from './migrations/0008-moves.ts'
import * as appendOnly from './migrations/0009-append-only.ts'
import * as formerUserids from './migrations/0010-former-userids.ts'

/** Imported by name, not found in a folder, so that a release contains what it needs and a missing file stops the build. */
export const MIGRATIONS: Record<string, Migration> = {
  '0001-first-tables': firstTables,
  '0002-task-list': taskList,
  '0003-recalled-cards': recalledCards,
  '0004-moments-media': momentsMedia,
  '0005-callbacks': callbacks,
  '0006-message-budgets': messageBudgets,
  '0007-copy-marks': copyMarks,
  '0008-moves': moves,
  '0009-append-only': appendOnly,
  '0010-former-userids': formerUserids,
}

/**
 * Brings the schema up to date, in one transaction: killed half-way it leaves nothing behind and the next start begins
 * again. Returns the names of the migrations that ran. Throws when the database is newer than this program.
 */
export async function migrate<DB>(db: Kysely<DB>, migrations = MIGRATIONS): Promise<string[]> {
  const migrator = migratorOf(db, migrations)
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error) throw new Error('The database could not be migrated', { cause: error })
  return results.map((result) => result.migrationName)
}

/** The migrations that have run and those that will, in their order. */
export async function migrationState<DB>(db: Kysely<DB>, migrations = MIGRATIONS) {
  const all = await migratorOf(db, migrations).getMigrations()
  return {
    done: all.filter(({ executedAt }) => executedAt).map(({ name }) => name),
    pending: all.filter(({ executedAt }) => !executedAt).map(({ name }) => name),
  }
}

const migratorOf = <DB>(db: Kysely<DB>, migrations: Record<string, Migration>) =>
  new Migrator({ db, provider: { getMigrations: async () => migrations } })
