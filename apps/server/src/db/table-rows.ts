import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Database } from './schema.ts'
import { TABLE_KEYS, type TableName } from './tables.ts'

/** A row as it lies in the database, names in snake_case. */
export type RawRow = Record<string, string | number | null>
/** The values of a row's key. */
export type RowKey = (string | number)[]

/** Rows of one page at most, and the bytes (as JSON) it should have: a frozen body of the ledger is a hundred rows elsewhere. */
const MOST_ROWS = 2_000
const PAGE_BYTES = 2 * 1024 * 1024
const FIRST_ROWS = 100

/** As Kysely's CamelCasePlugin translates ours; raw rows go past it. */
const inDatabase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const columnsOfKey = (table: TableName) => TABLE_KEYS[table].map(inDatabase)

const keyOf = (table: TableName, row: RawRow): RowKey =>
  columnsOfKey(table).map((column) => row[column] as string | number)

interface Page {
  rows: RawRow[]
  /** Of its last row. */
  last: RowKey
}

/**
 * All rows of a table from behind this key on, page by page in the order of the key, in a memory that does not grow. What
 * the order of texts is, is the engine's own affair.
 */
export async function* readPages(
  db: Kysely<Database>,
  table: TableName,
  { after, pageRows = MOST_ROWS }: { after?: RowKey | undefined; pageRows?: number | undefined } = {},
): AsyncGenerator<Page> {
  const plain = db.withoutPlugins()
  const key = sql.join(columnsOfKey(table).map((column) => sql.ref(column)))
  let limit = Math.min(FIRST_ROWS, pageRows)
  for (;;) {
    const beyond = after === undefined ? sql`` : sql`where (${key}) > (${sql.join(after)})`
    const { rows } = await sql<RawRow>`
      select * from ${sql.table(inDatabase(table))} ${beyond} order by ${key} limit ${sql.lit(limit)}`.execute(plain)
    if (rows.length === 0) return
    after = keyOf(table, rows.at(-1)!)
    yield { rows, last: after }
    if (rows.length < limit) return
    const bytes = JSON.stringify(rows).length / rows.length
    limit = Math.max(1, Math.min(pageRows, Math.round(PAGE_BYTES / bytes)))
  }
}

/** Into a PostgreSQL table with the same columns: one value, however many rows there are. */
export async function insertRaw(trx: Kysely<Database>, table: TableName, rows: RawRow[]): Promise<void> {
  const into = sql.table(inDatabase(table))
  await sql`
    insert into ${into} select * from json_populate_recordset(null::${into}, ${JSON.stringify(rows)}::json)`.execute(
    trx.withoutPlugins(),
  )
}

export interface Checksum {
  rows: number
  sum: string
}

/**
 * The same on every engine when the rows are the same: SHA-256 of each row as JSON, its columns in the order of their names,
 * added up, as the rows come in no order that both engines share.
 */
export async function checksum(db: Kysely<Database>, table: TableName): Promise<Checksum> {
  let count = 0
  let sum = 0n
  for await (const { rows } of readPages(db, table)) {
    for (const row of rows) {
      const canonical = JSON.stringify(
        Object.keys(row)
          .sort()
          .map((column) => [column, row[column]]),
      )
      sum = BigInt.asUintN(256, sum + BigInt(`0x${createHash('sha256').update(canonical).digest('hex')}`))
    }
    count += rows.length
  }
  return { rows: count, sum: sum.toString(16).padStart(64, '0') }
}
