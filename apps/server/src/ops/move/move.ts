import { newId } from '../../db/id.ts'
import { analyze } from '../../db/postgres.ts'
import type { Moves } from '../../db/schema.ts'
import { openJobs } from '../../jobs/open.ts'
import type { Db, Parts } from '../../parts.ts'
import { copyTables, givenUp } from './copy.ts'
import { moveBetween, type MovePlaces, nameOf, openSource, openTarget, prepareTarget, requireReady } from './places.ts'
import { verify } from './verify.ts'

export interface MoveOrder extends Pick<Parts, 'clock' | 'log'> {
  config: MovePlaces
  /** The SQLite file. */
  file: string
  print(line: string): void
  /** Rows of one transaction at most. */
  pageRows?: number
}

/**
 * Moves an installation from an SQLite file into an empty PostgreSQL database, or goes on with it. From its beginning to its
 * end no server starts on either side; afterwards on the new one alone, with everything in its place: nothing happened
 * meanwhile, so nothing is held as after a restore.
 * @throws {OperatorError} @throws {DatabaseInUse} @throws {InstallationMoved} @throws {ForeignDatabase}
 */
export async function moveToPostgres(order: MoveOrder): Promise<void> {
  const { config, file, print } = order
  const place = nameOf(config.databaseUrl)
  const source = await openSource(file)
  try {
    await requireReady(source, file, config.wecom.corpId)
    const target = await openTarget(config)
    try {
      await prepareTarget(target, source)
      const known = await moveBetween(source, target, place)
      print(known.here ? `${file} → ${place}, continued` : `${file} → ${place}`)
      // What has arrived may be at work already: then it is no longer like the file.
      if (known.here?.finishedAt == null)
        await carryOver(order, source, target, await begin(order, source, target, known))
      await finish(source, known.here?.finishedAt ?? order.clock.now())
    } finally {
      await target.destroy()
    }
  } finally {
    await source.destroy()
  }
}

/** First the source: from here on no server starts on it. @returns the id of the move */
async function begin(
  { config, file, clock }: MoveOrder,
  source: Db,
  target: Db,
  { away, here }: { away?: Moves; here?: Moves },
): Promise<string> {
  const startedAt = clock.now()
  const fresh = { id: away?.id ?? newId(), startedAt, finishedAt: null, position: null }
  if (!away) {
    const place = nameOf(config.databaseUrl)
    await source
      .insertInto('moves')
      .values({ ...fresh, direction: 'away', place })
      .execute()
  }
  if (!here)
    await target
      .insertInto('moves')
      .values({ ...fresh, direction: 'here', place: file })
      .execute()
  return fresh.id
}

async function carryOver(order: MoveOrder, source: Db, target: Db, moveId: string) {
  const { config, clock, log, print, pageRows } = order
  const jobs = await openJobs(config.databaseUrl, { db: target, clock, log })
  try {
    const copied = (table: string, rows: number) => print(`copied    ${table.padEnd(18)} ${rows} rows`)
    await copyTables({ source, target, jobs, moveId, pageRows, copied })
  } finally {
    await jobs.stop()
  }
  await verify(source, target, (table, rows, sum) =>
    print(`verified  ${table.padEnd(18)} ${rows} rows, checksum ${sum.slice(0, 16)} on both sides`),
  )
  for (const { kind, data, lastError } of await givenUp(source)) {
    print(`left behind: the job ${kind} ${data}, given up before the move (${lastError ?? 'its process died'})`)
  }
  await analyze(target)
  await target
    .updateTable('moves')
    .set({ finishedAt: clock.now() })
    .where('id', '=', moveId)
    .where('direction', '=', 'here')
    .execute()
}

const finish = (source: Db, finishedAt: number) =>
  source
    .updateTable('moves')
    .set({ finishedAt })
    .where('direction', '=', 'away')
    .where('finishedAt', 'is', null)
    .execute()
