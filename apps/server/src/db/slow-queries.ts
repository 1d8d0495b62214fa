import type { LogEvent } from 'kysely'
import type { Logger } from 'pino'

/**
 * Logs statements that took longer than this (ms), and for whose request or job (log-context.ts). Without the values in
 * them: those are people's names, texts and keys.
 */
export const logSlowQueries =
  (log: Pick<Logger, 'warn'>, slowerThan: number) =>
  ({ query, queryDurationMillis }: LogEvent) => {
    if (queryDurationMillis < slowerThan) return
    log.warn({ sql: query.sql, ms: Math.round(queryDurationMillis) }, 'a slow query')
  }
