import type { Page } from '@qimeng/contract'
import { type Expression, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'

/** One column of an order. Together they must be unique, and none may be null. */
export interface KeysetColumn<Row> {
  /** As the query knows it, e.g. `sql.ref('tasks.createdAt')`. */
  by: Expression<unknown>
  direction: 'asc' | 'desc'
  /** The same value, from a row that came back. */
  of: (row: Row) => string | number
}

export interface PageQuery {
  cursor?: string | undefined
  limit: number
}

/** Where a page begins, of a cursor: beyond these values, in the order of the list or against it. */
export interface Position {
  heading: 'next' | 'previous'
  values: (string | number)[]
}

/** From where rows are read, and how many the page has. */
export interface Reading {
  position: Position | undefined
  limit: number
}

/**
 * A page by position instead of by number: the cost does not grow with the depth, and rows that come or go meanwhile
 * neither repeat nor hide others. A cursor that cannot be read is the first page.
 * @param query everything but order and limit
 */
export async function keysetPage<DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  columns: KeysetColumn<Row>[],
  { cursor, limit }: PageQuery,
): Promise<Omit<Page<Row>, 'total'>> {
  const position = readCursor(cursor, columns.length)
  const found = await keysetRows(query, columns, { position, limit }).execute()
  return pageOf(found, columns, { position, limit })
}

/** The page, of the rows that `keysetRows` found. */
export function pageOf<Row>(
  found: Row[],
  columns: Pick<KeysetColumn<Row>, 'of'>[],
  { position, limit }: Reading,
): Omit<Page<Row>, 'total'> {
  const backwards = position?.heading === 'previous'
  const more = found.length > limit
  const rows = found.slice(0, limit)
  if (backwards) rows.reverse()
  const at = (heading: 'next' | 'previous', row: Row | undefined) =>
    row === undefined ? null : writeCursor({ heading, values: columns.map((column) => column.of(row)) })
  return {
    rows,
    next: more || backwards ? at('next', rows.at(-1)) : null,
    previous: position && (!backwards || more) ? at('previous', rows[0]) : null,
  }
}

/**
 * The rows of such a page, one more, and in the order of reading. When rows come from several places, each place gives
 * its own, and the page is found among all of them.
 */
export function keysetRows<DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  columns: Pick<KeysetColumn<Row>, 'by' | 'direction'>[],
  { position, limit }: Reading,
): SelectQueryBuilder<DB, TB, Row> {
  const backwards = position?.heading === 'previous'
  let paged = query.limit(limit + 1)
  for (const column of columns) {
    const descending = (column.direction === 'desc') !== backwards
    paged = paged.orderBy(column.by, descending ? 'desc' : 'asc')
  }
  return position ? paged.where(beyond(columns, position.values, backwards)) : paged
}

/**
 * (a > x) or (a = x and b > y) …, each column in its own direction. Where there are several, neither engine sees in this alone
 * that it may begin at x in the index, and would read all that is before it: so the first column says so once more.
 */
function beyond(
  columns: Pick<KeysetColumn<never>, 'by' | 'direction'>[],
  values: (string | number)[],
  backwards: boolean,
): Expression<SqlBool> {
  const isDescending = ({ direction }: Pick<KeysetColumn<never>, 'direction'>) => (direction === 'desc') !== backwards
  const alternatives = columns.map((column, index) => {
    const equal = columns.slice(0, index).map((earlier, at) => sql`${earlier.by} = ${values[at]}`)
    const past = isDescending(column) ? sql`${column.by} < ${values[index]}` : sql`${column.by} > ${values[index]}`
    return sql`(${sql.join([...equal, past], sql` and `)})`
  })
  const beyondAny = sql<SqlBool>`(${sql.join(alternatives, sql` or `)})`
  const [first] = columns
  if (!first || columns.length === 1) return beyondAny
  const from = isDescending(first) ? sql`${first.by} <= ${values[0]}` : sql`${first.by} >= ${values[0]}`
  return sql<SqlBool>`(${from} and ${beyondAny})`
}

type Written = [Position['heading'], ...Position['values']]

const writeCursor = ({ heading, values }: Position) =>
  Buffer.from(JSON.stringify([heading, ...values])).toString('base64url')

/** Undefined for the first page, also when the cursor cannot be read. */
export function readCursor(cursor: string | undefined, columns: number): Position | undefined {
  if (!cursor) return undefined
  try {
    const written: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (!isWritten(written, columns)) return undefined
    const [heading, ...values] = written
    return { heading, values }
  } catch {
    return undefined
  }
}

const isWritten = (value: unknown, columns: number): value is Written =>
  Array.isArray(value) &&
  value.length === columns + 1 &&
  (value[0] === 'next' || value[0] === 'previous') &&
  value.slice(1).every((part) => typeof part === 'string' || (typeof part === 'number' && Number.isFinite(part)))
