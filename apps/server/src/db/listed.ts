import { type Kysely, type RawBuilder, sql } from 'kysely'
import { isOnPostgres } from './engine.ts'
import type { Database } from './schema.ts'

/**
 * These texts as a subquery of one column, `value`. However many they are they are one bound value, so the statement is always
 * the same, is prepared once, and knows no limit; with a thousand bound values, building it takes longer than running it.
 */
export const listed = (db: Kysely<Database>, texts: readonly string[]): RawBuilder<string> =>
  isOnPostgres(db)
    ? sql<string>`(select value from unnest(${texts}::text[]) as each(value))`
    : sql<string>`(select value from json_each(${JSON.stringify(texts)}))`
