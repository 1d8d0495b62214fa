import { type Kysely, PostgresAdapter } from 'kysely'

/** Where the engines' languages differ. */
export const isOnPostgres = <DB>(db: Kysely<DB>): boolean => db.getExecutor().adapter instanceof PostgresAdapter
