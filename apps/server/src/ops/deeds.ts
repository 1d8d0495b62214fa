import type { AuditAction, Page } from '@qimeng/contract'
import type { AuditRow } from '@qimeng/contract/settings'
import { sql } from 'kysely'
import { keysetPage, type PageQuery } from '../db/keyset.ts'
import type { AuditLog } from '../db/schema.ts'
import type { Db } from '../parts.ts'
import { personRefs } from '../people/people.ts'

/** The audit log (操作记录), the newest first, with names for ids. */
export async function listDeeds(db: Db, paging: PageQuery): Promise<Page<AuditRow>> {
  const { total } = await db
    .selectFrom('auditLog')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const page = await keysetPage(
    db.selectFrom('auditLog').selectAll(),
    [{ by: sql.ref('auditLog.id'), direction: 'desc', of: (row: AuditLog) => row.id }],
    paging,
  )
  const nameOf = await namesOf(db, page.rows)
  return {
    ...page,
    total: Number(total),
    rows: page.rows.map((row) => ({
      id: row.id,
      at: row.at,
      actor: row.actor === 'system' ? '系统' : nameOf(row.actor),
      action: row.action as AuditAction,
      about:
        erasedIn(row) ??
        [row.subject, personIn(row)].flatMap((id) => (id === undefined ? [] : [nameOf(id)])).join(' › '),
    })),
  }
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
  const people = await personRefs(db, userids)
  const names = new Map<string, string>([['directory', '通讯录']])
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
  const former = await namesOfFormer(
    db,
    userids.filter((userid) => !people.has(userid)),
  )
  return (id) => names.get(id) ?? people.get(id)?.name ?? former.get(id) ?? id
}

/** Of people who are called by another userid since. */
async function namesOfFormer(db: Db, userids: string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('formerUserids')
    .innerJoin('employees', 'employees.userid', 'formerUserids.userid')
    .select(['former', 'name'])
    .where('former', 'in', userids)
    .execute()
  return new Map(rows.map(({ former, name }) => [former, name]))
}
