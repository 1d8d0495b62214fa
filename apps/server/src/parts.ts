import type { WecomClient } from '@qimeng/wecom'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Blobs } from './blobs/blobs.ts'
import type { Config } from './config.ts'
import type { Database } from './db/schema.ts'
import type { Clock, Jobs } from './jobs/jobs.ts'
import type { Metrics } from './metrics.ts'

/** A handle on the database: the whole of it, or a transaction. Inside a transaction always pass the transaction. */
export type Db = Kysely<Database>

/** Named places at which the fault bench kills the process (QUALITY.md R1). */
export type KillPoint =
  | 'before-freeze'
  | 'after-freeze'
  | 'before-claim'
  | 'before-call'
  | 'after-call'
  | 'after-outcome'
  | 'reminder-created'

/** Everything the features work with. Built once, in start.ts, and handed down. */
export interface Parts {
  readonly config: Config
  readonly log: Logger
  readonly clock: Clock
  readonly db: Db
  readonly blobs: Blobs
  readonly jobs: Jobs
  readonly wecom: WecomClient
  readonly metrics: Metrics
  /** Does nothing here; the fault bench starts a main of its own in which it kills. */
  reached(point: KillPoint): void
}
