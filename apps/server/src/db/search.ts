import { type Expression, sql, type SqlBool } from 'kysely'

/**
 * Text as searches compare it: Ａ, ａ and A are one letter, É and é too. Stored beside the text (`searchName`), since
 * SQLite's lower() knows ASCII only.
 */
export const foldForSearch = (text: string) => text.normalize('NFKC').toLowerCase()

/** The column, which holds folded text, contains what was typed; % and _ stand for themselves. */
export function contains(column: string | Expression<unknown>, typed: string): Expression<SqlBool> {
  const pattern = `%${foldForSearch(typed).replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  return sql<SqlBool>`${typeof column === 'string' ? sql.ref(column) : column} like ${pattern} escape '\\'`
}
