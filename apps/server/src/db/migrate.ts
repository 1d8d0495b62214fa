import { sql, type Kysely } from 'kysely'
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
import * as retention from './migrations/0011-retention.ts'
import * as auditFilters from './migrations/0012-audit-filters.ts'
import * as callCounts from './migrations/0013-call-counts.ts'

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
  '0011-retention': retention,
  '0012-audit-filters': auditFilters,
  '0013-call-counts': callCounts,
}

/**
 * Brings the schema up to date, in one transaction: killed half-way it leaves nothing behind and the next start begins
 * again. Returns the names of the migrations that ran. A database that a newer release has brought further is worked on as
 * it is, since migrations only add; throws when that release has taken something away.
 */
export async function migrate<DB>(db: Kysely<DB>, migrations = MIGRATIONS): Promise<string[]> {
  const migrator = await migratorOf(db, migrations)
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error) throw new Error('The database could not be migrated', { cause: error })
  return results.map((result) => result.migrationName)
}

/** The migrations that have run and those that will, in their order. */
export async function migrationState<DB>(db: Kysely<DB>, migrations = MIGRATIONS) {
  const all = await (await migratorOf(db, migrations)).getMigrations()
  return {
    done: all.filter(({ executedAt }) => executedAt).map(({ name }) => name),
    pending: all.filter(({ executedAt }) => !executedAt).map(({ name }) => name),
  }
}

/** What has run is asked beforehand: the migrator holds the only connection while it asks what there is to run. */
async function migratorOf<DB>(db: Kysely<DB>, migrations: Record<string, Migration>) {
  const all = { ...migrations, ...(await additionsOfLaterReleases(db, migrations)) }
  return new Migrator({ db, provider: { getMigrations: () => Promise.resolve(all) } })
}

/**
 * How a migration is named that takes away what an earlier release works with: `0042-drops-old-columns`. The name is all that
 * the earlier release knows of it, and the reason for which it refuses to start.
 */
export const TAKES_AWAY = /^\d+-drops-/

const MIGRATION_TABLE = 'kysely_migration'

/** What has run here and this program does not know, where it only adds: nothing to do, and no reason to stop. */
async function additionsOfLaterReleases<DB>(db: Kysely<DB>, known: Record<string, Migration>) {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === MIGRATION_TABLE)) return {}
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(MIGRATION_TABLE)}`.execute(db)
  const additions = rows.filter(({ name }) => !Object.hasOwn(known, name) && !TAKES_AWAY.test(name))
  return Object.fromEntries(additions.map(({ name }) => [name, { up: () => Promise.resolve() }]))
}
