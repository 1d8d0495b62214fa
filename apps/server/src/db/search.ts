import { type Expression, sql, type SqlBool } from 'kysely'

/**
 * Text as searches compare it: Ａ, ａ and A are one letter, É and é too. Stored beside the text (`searchName`), since
 * SQLite's lower() knows ASCII only.
 */
export const foldForSearch = (text: string) => text.normalize('NFKC').toLowerCase()

/**
 * Each character and each pair of neighbours in folded text, once: what an index by parts of names holds. Characters are
 * code points, as `like` counts them.
 */
export function gramsOf(folded: string): string[] {
  const characters = [...folded]
  return [...new Set([...characters, ...pairsOf(characters)])]
}

/** Of these grams any text has all that contains what was typed. Up to two characters, the one gram says it exactly. */
export function gramsToFind(folded: string): string[] {
  const characters = [...folded]
  return characters.length < 3 ? [folded] : [...new Set(pairsOf(characters))]
}

const pairsOf = (characters: string[]) =>
  characters.slice(1).map((character, before) => characters[before]! + character)

/** The column, which holds folded text, contains what was typed; % and _ stand for themselves. */
export const contains = (column: string | Expression<unknown>, typed: string): Expression<SqlBool> =>
  containsInOrder(column, [typed])

/** The column, which holds folded text, contains these parts one after the other, with anything between them. */
export function containsInOrder(column: string | Expression<unknown>, parts: string[]): Expression<SqlBool> {
  const escaped = parts.map((typed) => foldForSearch(typed).replaceAll(/[\\%_]/g, String.raw`\$&`))
  const pattern = `%${escaped.join('%')}%`
  return sql<SqlBool>`${typeof column === 'string' ? sql.ref(column) : column} like ${pattern} escape '\\'`
}
