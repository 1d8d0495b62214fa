import type { AuditAction, Page, QueryOf, settingsApi } from '@qimeng/contract'
import type { AuditRow } from '@qimeng/contract/settings'
import { sql } from 'kysely'
import { type KeysetColumn, keysetPage } from '../db/keyset.ts'
import type { AuditLog } from '../db/schema.ts'
import type { Db } from '../parts.ts'
import { namesOfDoers, useridsOf } from './doers.ts'

type DeedQuery = QueryOf<typeof settingsApi.auditLog>

const NEWEST_FIRST: KeysetColumn<AuditLog>[] = [
  { by: sql.ref('auditLog.at'), direction: 'desc', of: ({ at }) => at },
  { by: sql.ref('auditLog.id'), direction: 'desc', of: ({ id }) => id },
]

/** The audit log (操作记录), the newest first, with names for ids. */
export async function listDeeds(db: Db, { cursor, limit, ...filter }: DeedQuery): Promise<Page<AuditRow>> {
  const asked = await filtered(db, filter)
  const { total } = await asked.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const page = await keysetPage(asked.selectAll(), NEWEST_FIRST, { cursor, limit })
  const nameOf = await namesOf(db, page.rows)
  return {
    ...page,
    total: Number(total),
    rows: page.rows.map((row) => ({
      id: row.id,
      at: row.at,
      actor: nameOf(row.actor),
      action: row.action,
      about:
        erasedIn(row) ??
        [row.subject, personIn(row)].flatMap((id) => (id === undefined ? [] : [nameOf(id)])).join(' › '),
    })),
  }
}

async function filtered(db: Db, { actor, action, from, to }: Omit<DeedQuery, 'cursor' | 'limit'>) {
  let query = db.selectFrom('auditLog')
  if (actor !== undefined) query = query.where('actor', 'in', await useridsOf(db, actor))
  if (action !== undefined) query = query.where('action', '=', action)
  if (from !== undefined) query = query.where('at', '>=', from)
  if (to !== undefined) query = query.where('at', '<=', to)
  return query
}

/** Whose proofs they were. */
function personIn({ action, detail }: AuditLog): string | undefined {
  if (action !== ('proof.view' satisfies AuditAction)) return undefined
  return (JSON.parse(detail) as { userid?: string }).userid
}

const ERASED: Partial<Record<string, string>> = {
  'retention.tasks': '个任务',
  'retention.proofs': '份凭证',
} satisfies Partial<Record<AuditAction, string>>

/** How many of what went by its age. */
function erasedIn({ action, detail }: AuditLog): string | undefined {
  const things = ERASED[action]
  return things && `${(JSON.parse(detail) as { erased: number }).erased} ${things}`
}

/** As it was called then, where the line says it: by now it may be erased. */
const nameThen = ({ detail }: AuditLog) => (JSON.parse(detail) as { name?: string }).name

/** Names of people, tasks, pushes and files; an id that has none stays itself. */
async function namesOf(db: Db, rows: AuditLog[]): Promise<(id: string) => string> {
  const userids = rows.flatMap((row) => [row.actor, row.subject, personIn(row) ?? row.actor])
  const subjects = [...new Set(rows.map(({ subject }) => subject))]
  const people = await namesOfDoers(db, userids)
  const names = new Map([
    ['directory', '通讯录'],
    ['links', '已发出的全部链接'],
  ])
  for (const row of rows) {
    const name = nameThen(row)
    if (name !== undefined) names.set(row.subject, name)
  }
  if (subjects.length > 0) {
    const tasks = await db.selectFrom('tasks').select(['id', 'name']).where('id', 'in', subjects).execute()
    const pushes = await db
      .selectFrom('pushes')
      .innerJoin('tasks', 'tasks.id', 'pushes.taskId')
      .select(['pushes.id', 'pushes.name', 'tasks.name as task'])
      .where('pushes.id', 'in', subjects)
      .execute()
    const files = await db.selectFrom('exports').select(['id', 'fileName']).where('id', 'in', subjects).execute()
    for (const { id, name } of tasks) names.set(id, name)
    for (const { id, name, task } of pushes) names.set(id, `${task} › ${name}`)
    for (const { id, fileName } of files) names.set(id, fileName)
  }
  return (id) => names.get(id) ?? people.get(id) ?? id
}
