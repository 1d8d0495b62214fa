import type { ExecutionFilter } from '@qimeng/contract'
import { newId } from '../db/id.ts'
import type { Exports } from '../db/schema.ts'
import type { Db } from '../parts.ts'

export type ExportRow = Omit<Exports, 'filter'> & { filter: ExecutionFilter }

export interface NewExport {
  requestedBy: string
  pushId: string
  filter: ExecutionFilter
  fileName: string
}

export async function insertExport(trx: Db, { filter, ...wanted }: NewExport, now: number): Promise<string> {
  const id = newId()
  await trx
    .insertInto('exports')
    .values({
      ...wanted,
      id,
      filter: JSON.stringify(filter),
      state: 'queued',
      rowsDone: 0,
      rowsTotal: 0,
      bytes: null,
      error: null,
      createdAt: now,
      finishedAt: null,
      expiresAt: null,
    })
    .execute()
  return id
}

export async function findExport(db: Db, id: string): Promise<ExportRow | undefined> {
  const row = await db.selectFrom('exports').selectAll().where('id', '=', id).executeTakeFirst()
  return row && { ...row, filter: JSON.parse(row.filter) as ExecutionFilter }
}

export async function updateExport(db: Db, id: string, change: Partial<Omit<Exports, 'id' | 'filter'>>) {
  await db.updateTable('exports').set(change).where('id', '=', id).execute()
}

/** How far the file is. Never of one that is finished: a worker that lost its lease may still be counting. */
export async function noteProgress(db: Db, id: string, progress: Pick<Exports, 'rowsDone' | 'rowsTotal'>) {
  await db
    .updateTable('exports')
    .set({ ...progress, state: 'running' })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'running'])
    .execute()
}

export const exportsPastExpiry = (db: Db, now: number) =>
  db.selectFrom('exports').select('id').where('expiresAt', '<', now).where('bytes', 'is not', null).execute()

/** The names the file and its message carry. */
export const findPushNames = (db: Db, pushId: string) =>
  db
    .selectFrom('pushes')
    .innerJoin('tasks', 'tasks.id', 'pushes.taskId')
    .select([
      'pushes.taskId',
      'pushes.name as pushName',
      'pushes.scheduledAt',
      'pushes.state',
      'tasks.name as taskName',
    ])
    .where('pushes.id', '=', pushId)
    .where('tasks.deletedAt', 'is', null)
    .executeTakeFirst()
