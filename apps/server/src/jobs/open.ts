import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import { isPostgres } from '../db/open.ts'
import type { Database } from '../db/schema.ts'
import { createEmbeddedJobs } from './embedded.ts'
import type { Clock, Jobs } from './jobs.ts'

/** The job engine that fits the database: pg-boss in PostgreSQL, our own in an SQLite file. */
export async function openJobs(url: string, parts: { db: Kysely<Database>; clock: Clock; log: Logger }): Promise<Jobs> {
  if (!isPostgres(url)) return createEmbeddedJobs(parts)
  // Some megabytes that nobody needs on SQLite.
  const { openBossJobs } = await import('./boss.ts')
  return openBossJobs({ ...parts, url })
}
