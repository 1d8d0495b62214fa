import { formatShanghai } from '@qimeng/contract/time'
import type { Kysely } from 'kysely'
import type { Database, Moves } from './schema.ts'

/** The installation has left this database, or has not arrived in it yet: a server on it might send what another sends. */
export class InstallationMoved extends Error {
  constructor(move: Moves) {
    super(describe(move))
    this.name = 'InstallationMoved'
  }
}

function describe({ direction, place, startedAt, finishedAt }: Moves): string {
  if (direction === 'here') {
    return (
      `Only a part of the installation of ${place} is in this database: run \`pnpm cli migrate-to-postgres\` again, ` +
      'it goes on where it was cut off. Or start with the old DATABASE_URL after `pnpm cli return-to-sqlite`.'
    )
  }
  const when = `${formatShanghai(finishedAt ?? startedAt)} (Shanghai)`
  return finishedAt === null
    ? `This installation is being moved to ${place}, begun ${when}: run \`pnpm cli migrate-to-postgres\` again to finish, ` +
        'or `pnpm cli return-to-sqlite` to give it up. Until then nothing is sent.'
    : `This installation moved to ${place}, ${when}: start with the DATABASE_URL of that one. ` +
        'The way back is `pnpm cli return-to-sqlite` (docs/deploy.md).'
}

/** @throws {InstallationMoved} when another database has, or may have, taken the place of this one */
export async function refuseMoved(db: Kysely<Database>): Promise<void> {
  const move = await findMove(db, 'away')
  if (move) throw new InstallationMoved(move)
  const arriving = await findMove(db, 'here')
  if (arriving && arriving.finishedAt === null) throw new InstallationMoved(arriving)
}

/** The latest move in this direction. */
export const findMove = (db: Kysely<Database>, direction: Moves['direction']): Promise<Moves | undefined> =>
  db.selectFrom('moves').selectAll().where('direction', '=', direction).orderBy('startedAt', 'desc').executeTakeFirst()
