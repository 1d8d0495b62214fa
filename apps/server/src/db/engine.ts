import { type Kysely, PostgresAdapter } from 'kysely'

/** For migrations, where the engines' languages differ. */
export const isOnPostgres = (db: Kysely<unknown>): boolean => db.getExecutor().adapter instanceof PostgresAdapter
