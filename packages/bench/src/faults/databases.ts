import { randomUUID } from 'node:crypto'
import { openPostgres } from '../../../../apps/server/src/db/postgres.ts'
import { createDatabase, dropDatabase, startPostgres } from '../../../../apps/server/src/test/postgres.ts'

/** Where the servers of the scenarios keep their data: each scenario in an empty database of its own. */
export interface Databases {
  create(): Promise<OneDatabase>
  stop(): Promise<void>
}

interface OneDatabase {
  /** For a server's environment. */
  env: Record<string, string>
  /** Every row of the ledger: where others are let in beside the server. */
  ledger?: () => Promise<object[]>
  drop(): Promise<void>
}

/** The embedded default: a file in the server's own folder, which goes with the folder. */
export const sqliteFiles: Databases = {
  create: async () => ({ env: {}, drop: async () => {} }),
  stop: async () => {},
}

async function ledgerOf(url: string): Promise<object[]> {
  const db = await openPostgres(url)
  try {
    return await db.selectFrom('batches').selectAll().orderBy('id').execute()
  } finally {
    await db.destroy()
  }
}

/** A PostgreSQL cluster of the bench's own. */
export async function postgresCluster(): Promise<Databases> {
  const { adminUrl, stop } = await startPostgres()
  return {
    async create() {
      const name = `faults_${randomUUID().replaceAll('-', '')}`
      const url = await createDatabase(adminUrl, name)
      return {
        env: { DATABASE_URL: url },
        ledger: () => ledgerOf(url),
        drop: () => dropDatabase(adminUrl, name),
      }
    },
    stop,
  }
}
