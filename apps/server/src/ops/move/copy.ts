import { insertRaw, readPages, type RowKey } from '../../db/table-rows.ts'
import { TABLE_KEYS, type TableName } from '../../db/tables.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import type { JobKind } from '../../jobs/kinds.ts'
import type { Db } from '../../parts.ts'

/** Their rows are copied as they are; jobs are planned anew in the other engine, and a move is of one database alone. */
export const COPIED = (Object.keys(TABLE_KEYS) as TableName[]).filter((table) => table !== 'jobs' && table !== 'moves')

/** How far the copying has come: everything before this is safely in the target. */
interface Position {
  table: TableName
  after: RowKey
}

export interface CopyOrder {
  source: Db
  target: Db
  /** Of the target. */
  jobs: Jobs
  moveId: string
  /** Rows of one transaction at most. */
  pageRows?: number | undefined
  /** After each table, with the number of rows that were copied in this run. */
  copied?: (table: TableName, rows: number) => void
}

/**
 * Copies every table, jobs at the end. Each page goes in one transaction with the note of how far it has come: cut off at
 * any moment it goes on with the next page, and no row and no job is there twice.
 */
export async function copyTables(order: CopyOrder): Promise<void> {
  const { source, target, moveId, pageRows } = order
  const { position } = await target
    .selectFrom('moves')
    .select('position')
    .where('id', '=', moveId)
    .where('direction', '=', 'here')
    .executeTakeFirstOrThrow()
  const reached = position === null ? undefined : (JSON.parse(position) as Position)
  const tables: TableName[] = [...COPIED, 'jobs']
  for (const table of tables.slice(reached ? tables.indexOf(reached.table) : 0)) {
    const after = table === reached?.table ? reached.after : undefined
    let copied = 0
    for await (const { rows, last } of readPages(source, table, { after, pageRows })) {
      await target.transaction().execute(async (trx) => {
        if (table === 'jobs')
          await planJobs(
            order,
            trx,
            rows.map(({ id }) => id as string),
          )
        else await insertRaw(trx, table, rows)
        const here: Position = { table, after: last }
        await trx
          .updateTable('moves')
          .set({ position: JSON.stringify(here) })
          .where('id', '=', moveId)
          .where('direction', '=', 'here')
          .execute()
      })
      copied += rows.length
    }
    order.copied?.(table, copied)
  }
}

/**
 * The same keys and times. In the order of their making: of two with one key, of which the older was running when the
 * server ended, the newer one stands for both.
 */
async function planJobs({ source, jobs }: CopyOrder, trx: Db, ids: string[]) {
  const waiting = await source
    .selectFrom('jobs')
    .select(['kind', 'data', 'key', 'runAt'])
    .where('id', 'in', ids)
    .where('failedAt', 'is', null)
    .orderBy('id')
    .execute()
  for (const { kind, data, key, runAt } of waiting) {
    await jobs.enqueue(trx, kind, JSON.parse(data) as never, { at: runAt, ...(key === null ? {} : { key }) })
  }
}

/** How many jobs wait in the other engine once all have been planned. */
export async function jobsToPlan(source: Db): Promise<number> {
  const rows = await source.selectFrom('jobs').select(['id', 'kind', 'key']).where('failedAt', 'is', null).execute()
  return new Set(rows.map(({ id, kind, key }) => (key === null ? id : `${kind} ${key}`))).size
}

/** Jobs that were given up: nobody tries them again, so they stay behind. */
export function givenUp(source: Db): Promise<{ kind: JobKind; data: string; lastError: string | null }[]> {
  return source
    .selectFrom('jobs')
    .select(['kind', 'data', 'lastError'])
    .where('failedAt', 'is not', null)
    .orderBy('id')
    .execute()
}
