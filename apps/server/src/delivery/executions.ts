import type { ExecutionFilter, ExecutionRow, Page } from '@qimeng/contract'
import { sql } from 'kysely'
import { compileOnce } from '../db/compiled.ts'
import { type KeysetColumn, keysetPage, type PageQuery } from '../db/keyset.ts'
import type { Db } from '../parts.ts'
import { inDepartment, personMatches, toRef } from '../people/people.ts'
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
  return { ...found, total, rows: await asListed(db, pushId, filter.state, found.rows) }
}

/**
 * Whom the whole list has, in its order; for whoever reads all of it, as page by page each page would sort all of them
 * again. The rows themselves come from `executionsOf`.
 */
export async function whomListed(db: Db, pushId: string, filter: ExecutionFilter): Promise<string[]> {
  let query = filtered(db, pushId, filter).select('executions.userid')
  for (const { by, direction } of ORDER[filter.state]) query = query.orderBy(by, direction)
  return (await query.execute()).map(({ userid }) => userid)
}

/** Rows of these people, in this order. Who is in the other list by now is left out. */
export async function executionsOf(
  db: Db,
  pushId: string,
  state: ExecutionFilter['state'],
  userids: string[],
): Promise<ExecutionRow[]> {
  const found = new Map((await rowsOf(db, { pushId, userids }, { state })).map((row) => [row.userid, row]))
  const rows = userids.flatMap((userid) => found.get(userid) ?? [])
  return asListed(db, pushId, state, rows)
}

const rowsOf = compileOnce(
  (db, { pushId, userids }: { pushId: string; userids: string[] }, { state }: { state: ExecutionFilter['state'] }) =>
    withColumns(filtered(db, pushId, { state })).where('executions.userid', 'in', userids),
)

type FoundRow = Awaited<ReturnType<ReturnType<typeof withColumns>['execute']>>[number]

async function asListed(
  db: Db,
  pushId: string,
  state: ExecutionFilter['state'],
  rows: FoundRow[],
): Promise<ExecutionRow[]> {
  const userids = rows.map(({ userid }) => userid)
  const proofs = await newestProofs(db, pushId, userids)
  return rows.map((row) => ({
    ...toRef(row),
    state,
    executedAt: row.executedAt,
    cardState: row.cardState,
    cardReason: row.cardReason,
    reminders: row.reminders,
    lastRemindedAt: row.lastRemindedAt,
    ...(proofs.get(row.userid) ?? NO_PROOF),
  }))
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
  query
    .leftJoin('departments', 'departments.id', 'employees.mainDepartmentId')
    .select([
      ...(['employees.name', 'employees.active', 'departments.fullName as department'] as const),
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

type NewestProof = Pick<ExecutionRow, 'proofImages' | 'proofErased'>
const NO_PROOF: NewestProof = { proofImages: 0, proofErased: false }

/** What there is of the newest proof of each of these people. */
async function newestProofs(db: Db, pushId: string, userids: string[]): Promise<Map<string, NewestProof>> {
  if (userids.length === 0) return new Map()
  const rows = await imagesInNewest(db, { pushId, userids })
  return new Map(
    rows.map(({ userid, images, erasedAt }) => [userid, { proofImages: images, proofErased: erasedAt !== null }]),
  )
}

const imagesInNewest = compileOnce((db, { pushId, userids }: { pushId: string; userids: string[] }) =>
  db
    .selectFrom('proofs')
    .leftJoin('proofImages', 'proofImages.proofId', 'proofs.id')
    .select(({ fn }) => ['proofs.userid', 'proofs.erasedAt', fn.count<number>('proofImages.imageId').as('images')])
    .where('proofs.pushId', '=', pushId)
    .where('proofs.userid', 'in', userids)
    .where('proofs.version', '=', (eb) =>
      eb
        .selectFrom('proofs as newer')
        .select(({ fn }) => fn.max('newer.version').as('version'))
        .whereRef('newer.pushId', '=', 'proofs.pushId')
        .whereRef('newer.userid', '=', 'proofs.userid'),
    )
    .groupBy(['proofs.userid', 'proofs.erasedAt']),
)
