import { randomUUID } from 'node:crypto'
import { createDatabase, dropDatabase, startPostgres } from '../../../../apps/server/src/test/postgres.ts'

/** Where the servers of the scenarios keep their data: each scenario in an empty database of its own. */
export interface Databases {
  /** The environment of a server, and what to do when it is not needed any more. */
  create(): Promise<{ env: Record<string, string>; drop(): Promise<void> }>
  stop(): Promise<void>
}

/** The embedded default: a file in the server's own folder, which goes with the folder. */
export const sqliteFiles: Databases = {
  create: async () => ({ env: {}, drop: async () => {} }),
  stop: async () => {},
}

/** A PostgreSQL cluster of the bench's own. */
export async function postgresCluster(): Promise<Databases> {
  const { adminUrl, stop } = await startPostgres()
  return {
    async create() {
      const name = `faults_${randomUUID().replaceAll('-', '')}`
      return { env: { DATABASE_URL: await createDatabase(adminUrl, name) }, drop: () => dropDatabase(adminUrl, name) }
    },
    stop,
  }
}
