import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import type { Config } from '../../config.ts'
import { ForeignDatabase } from '../../db/installation.ts'
import { migrate, migrationState } from '../../db/migrate.ts'
import { findMove, InstallationMoved } from '../../db/moved.ts'
import { isPostgres, openDatabase } from '../../db/open.ts'
import type { Database, Installation, Moves } from '../../db/schema.ts'
import { OperatorError } from '../../explain.ts'

type Db = Kysely<Database>
export type MovePlaces = Pick<Config, 'databaseUrl' | 'dataDir'> & { wecom: Pick<Config['wecom'], 'corpId'> }

/** A PostgreSQL database as an operator knows it, without name and password of its user. */
export function nameOf(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url)
  const host = searchParams.get('host') ?? `${hostname}${port && `:${port}`}`
  return `postgres://${host}${pathname}`
}

/** The file that moves: the one named, or that of the embedded default. */
export const sourceFile = ({ dataDir }: Pick<Config, 'dataDir'>, given?: string) => given ?? join(dataDir, 'moments.db')

/**
 * Opens the file and keeps every other process out of it.
 * @throws {OperatorError} @throws {DatabaseInUse} while a server runs
 */
export function openSource(file: string): Promise<Db> {
  if (existsSync(file)) return openDatabase(`sqlite:${file}`)
  throw new OperatorError(`There is no ${file}. Set DATA_DIR to where it is, or name the SQLite file.`)
}

/** @throws {OperatorError} when it is not this corporation's, or not of this release */
export async function requireReady(source: Db, file: string, corpId: string): Promise<Installation> {
  if ((await migrationState(source)).pending.length > 0) {
    const command = `DATABASE_URL=sqlite:${file} pnpm cli migrate`
    throw new OperatorError(`${file} is of an earlier release. Bring it up to date first: ${command}`)
  }
  const installation = await source.selectFrom('installation').selectAll().executeTakeFirst()
  if (!installation)
    throw new OperatorError(`${file} holds nothing yet: start with DATABASE_URL, there is nothing to move.`)
  if (installation.corpId !== corpId) throw new ForeignDatabase(installation.corpId, corpId)
  return installation
}

/** @throws {OperatorError} when DATABASE_URL names no PostgreSQL database */
export async function openTarget({ databaseUrl }: Pick<Config, 'databaseUrl'>): Promise<Db> {
  if (isPostgres(databaseUrl)) return openDatabase(databaseUrl)
  throw new OperatorError('Set DATABASE_URL to the PostgreSQL database: postgres://user:password@host/database')
}

/**
 * Gives an empty database its tables. One with anything in it must have the tables of this release.
 * @throws {OperatorError}
 */
export async function prepareTarget(target: Db, source: Db): Promise<void> {
  const tables = await target.introspection.getTables({ withInternalKyselyTables: true })
  if (tables.length === 0) await migrate(target)
  else if (!tables.some(({ name }) => name === 'kysely_migration')) {
    throw new OperatorError('The PostgreSQL database holds tables of something else. Create an empty one for this.')
  }
  const [there, here] = [await columnsOf(target), await columnsOf(source)]
  const differs = [...here.keys()].filter((table) => there.get(table) !== here.get(table))
  if (differs.length === 0 && (await migrationState(target)).pending.length === 0) return
  throw new OperatorError(
    `The two databases are of different releases${differs.length === 0 ? '' : ` (they differ in ${differs.join(', ')})`}: ` +
      'use one release for both, and an empty PostgreSQL database.',
  )
}

/** Each table with the names of its columns. */
async function columnsOf(db: Db): Promise<Map<string, string>> {
  const tables = await db.introspection.getTables()
  return new Map(
    tables.map(({ name, columns }) => [
      name,
      columns
        .map((column) => column.name)
        .sort()
        .join(),
    ]),
  )
}

/**
 * The move that is under way between these two, from either side.
 * @throws {OperatorError} when the target holds something else @throws {InstallationMoved} when it is finished elsewhere
 */
export async function moveBetween(source: Db, target: Db, place: string): Promise<{ away?: Moves; here?: Moves }> {
  const [away, here] = [await findMove(source, 'away'), await findMove(target, 'here')]
  if (here && here.id === away?.id) {
    const returned = await findMove(target, 'away')
    if (returned) throw new InstallationMoved(returned)
    return { away, here }
  }
  const held = await target.selectFrom('installation').select('corpId').executeTakeFirst()
  if (held || here) {
    throw new OperatorError(
      `${place} holds ${held ? `an installation of ${held.corpId}` : 'a part of another move'} already. ` +
        'Give this one an empty database: drop that one and create it again, or name another.',
    )
  }
  // To another place it could arrive twice.
  if (away && (away.finishedAt !== null || away.place !== place)) throw new InstallationMoved(away)
  return away ? { away } : {}
}
