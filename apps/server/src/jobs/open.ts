import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import { isPostgres } from '../db/open.ts'
import type { Database } from '../db/schema.ts'
import { openBossJobs } from './boss.ts'
import { createEmbeddedJobs } from './embedded.ts'
import type { Clock, Jobs } from './jobs.ts'

/** The job engine that fits the database: pg-boss in PostgreSQL, our own in an SQLite file. */
export async function openJobs(url: string, parts: { db: Kysely<Database>; clock: Clock; log: Logger }): Promise<Jobs> {
  return isPostgres(url) ? openBossJobs({ ...parts, url }) : createEmbeddedJobs(parts)
}
