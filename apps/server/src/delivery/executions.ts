import type { ExecutionFilter, ExecutionRow, Page } from '@qimeng/contract'
import { sql } from 'kysely'
import { type KeysetColumn, keysetPage, type PageQuery } from '../db/keyset.ts'
import type { Db } from '../parts.ts'
import { inDepartment, personMatches, personRefs, stranger } from '../people/people.ts'
import { requirePush } from './pushes.ts'

/** A page of 待执行 (by name) or 已执行 (latest first) of a push. Exports walk through the same pages. */
export async function listExecutions(
  db: Db,
  pushId: string,
  { cursor, limit, ...filter }: ExecutionFilter & PageQuery,
): Promise<Page<ExecutionRow>> {
  await requirePush(db, pushId)
  const query = filtered(db, pushId, filter)
  const { total } = await query.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const found = await keysetPage(withColumns(query), ORDER[filter.state], { cursor, limit })
  const userids = found.rows.map(({ userid }) => userid)
  const people = await personRefs(db, userids)
  const proofs = await countProofImages(db, pushId, userids)
  return {
    ...found,
    total,
    rows: found.rows.map(({ pinyin: _pinyin, ...row }) => ({
      ...(people.get(row.userid) ?? stranger(row.userid)),
      ...row,
      state: filter.state,
      proofImages: proofs.get(row.userid) ?? 0,
    })),
  }
}

function filtered(db: Db, pushId: string, { state, keyword, departmentId }: ExecutionFilter) {
  let query = db
    .selectFrom('executions')
    .innerJoin('employees', 'employees.userid', 'executions.userid')
    .where('executions.pushId', '=', pushId)
    .where('executions.executedAt', state === 'done' ? 'is not' : 'is', null)
  if (keyword) query = query.where(personMatches(keyword))
  if (departmentId !== undefined) query = query.where(inDepartment(db, departmentId))
  return query
}

const withColumns = (query: ReturnType<typeof filtered>) =>
  query.select([
    ...(['executions.userid', 'executions.executedAt', 'executions.cardState', 'executions.cardReason'] as const),
    ...(['executions.reminders', 'executions.lastRemindedAt', 'employees.pinyin'] as const),
  ])

interface Keys {
  userid: string
  pinyin: string
  executedAt: number | null
}

const byUserid: KeysetColumn<Keys> = {
  by: sql.ref('executions.userid'),
  direction: 'asc',
  of: ({ userid }) => userid,
}

const ORDER: Record<ExecutionFilter['state'], KeysetColumn<Keys>[]> = {
  pending: [{ by: sql.ref('employees.pinyin'), direction: 'asc', of: ({ pinyin }) => pinyin }, byUserid],
  done: [{ by: sql.ref('executions.executedAt'), direction: 'desc', of: ({ executedAt }) => executedAt! }, byUserid],
}

/** Pictures in the newest proof of each of these people. */
async function countProofImages(db: Db, pushId: string, userids: string[]): Promise<Map<string, number>> {
  if (userids.length === 0) return new Map()
  const rows = await db
    .selectFrom('proofs')
    .innerJoin('proofImages', 'proofImages.proofId', 'proofs.id')
    .select(({ fn }) => ['proofs.userid', fn.countAll<number>().as('images')])
    .where('proofs.pushId', '=', pushId)
    .where('proofs.userid', 'in', userids)
    .where('proofs.version', '=', (eb) =>
      eb
        .selectFrom('proofs as newer')
        .select(({ fn }) => fn.max('newer.version').as('version'))
        .whereRef('newer.pushId', '=', 'proofs.pushId')
        .whereRef('newer.userid', '=', 'proofs.userid'),
    )
    .groupBy('proofs.userid')
    .execute()
  return new Map(rows.map(({ userid, images }) => [userid, images]))
}
