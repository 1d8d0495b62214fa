import { findMove } from '../../db/moved.ts'
import { isPostgres } from '../../db/open.ts'
import { countOtherConnections } from '../../db/postgres.ts'
import type { Moves } from '../../db/schema.ts'
import { OperatorError } from '../../explain.ts'
import type { Db } from '../../parts.ts'
import type { MoveOrder } from './move.ts'
import { nameOf, openSource, openTarget } from './places.ts'

export interface Returned {
  /** Where it had gone. */
  place: string
  /** Whether the next start holds delivery, as after a restore: the other database may have sent what is due in this one. */
  held: boolean
}

/**
 * Gives the SQLite file back its place. First no server starts on PostgreSQL any more, then one may on the file; cut off
 * in between neither does, and it can be run again. Without PostgreSQL in DATABASE_URL that database must be gone for good.
 * @throws {OperatorError} @throws {DatabaseInUse}
 */
export async function returnToSqlite({ config, file, clock }: Omit<MoveOrder, 'log' | 'print'>): Promise<Returned> {
  const source = await openSource(file)
  try {
    const away = await findMove(source, 'away')
    if (!away) throw new OperatorError(`${file} has not been moved: start with DATABASE_URL=sqlite:${file}`)
    const arrived = isPostgres(config.databaseUrl) ? await closeTarget(config, away, file, clock.now()) : undefined
    const held = arrived ?? true
    await source.transaction().execute(async (trx) => {
      await trx.deleteFrom('moves').where('id', '=', away.id).execute()
      if (held) await trx.insertInto('copyMarks').values({ takenAt: away.startedAt }).execute()
    })
    return { place: away.place, held }
  } finally {
    await source.destroy()
  }
}

/** @returns whether the move was finished there, so that a server may have worked; undefined when nobody can know */
async function closeTarget(
  config: MoveOrder['config'],
  away: Moves,
  file: string,
  now: number,
): Promise<boolean | undefined> {
  const target = await openTarget(config)
  try {
    if ((await countOtherConnections(target)) > 0) {
      throw new OperatorError(`Servers are still connected to ${nameOf(config.databaseUrl)}: stop them first.`)
    }
    const here = await arrivalAt(target)
    if (!here) return undefined
    if (here.id !== away.id) throw new OperatorError(`${file} moved to ${away.place}: set DATABASE_URL to that one.`)
    await target
      .insertInto('moves')
      .values({ ...{ id: away.id, direction: 'away', place: file }, startedAt: now, finishedAt: now, position: null })
      .onConflict((conflict) => conflict.columns(['id', 'direction']).doNothing())
      .execute()
    return here.finishedAt !== null
  } finally {
    await target.destroy()
  }
}

/** An empty database knows of no move. */
async function arrivalAt(target: Db): Promise<Moves | undefined> {
  const tables = await target.introspection.getTables()
  return tables.some(({ name }) => name === 'moves') ? findMove(target, 'here') : undefined
}
