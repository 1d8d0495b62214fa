import { setImmediate as breathe } from 'node:timers/promises'
import { sql } from 'kysely'
import type { MemberSummary } from '@qimeng/wecom'
import type { Departments, Employees } from '../db/schema.ts'
import type { Db } from '../parts.ts'
import { chunks } from '../db/chunks.ts'
import { foldForSearch } from '../db/search.ts'
import { readName } from './pinyin.ts'

/** People read at a time, some 10 ms. */
const ROWS_AT_A_TIME = 2_000

/** Makes the departments table equal to these rows, touching only what differs. */
export async function writeDepartments(trx: Db, rows: Departments[]) {
  const stored = new Map((await trx.selectFrom('departments').selectAll().execute()).map((row) => [row.id, row]))
  const changed = rows.filter((row) => !sameDepartment(row, stored.get(row.id)))
  for (const row of rows) stored.delete(row.id)
  for (const some of chunks(stored.keys())) await trx.deleteFrom('departments').where('id', 'in', some).execute()
  for (const some of chunks(changed)) {
    await trx
      .insertInto('departments')
      .values(some)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet(({ ref }) => ({
          name: ref('excluded.name'),
          parentId: ref('excluded.parentId'),
          sort: ref('excluded.sort'),
          path: ref('excluded.path'),
          fullName: ref('excluded.fullName'),
        })),
      )
      .execute()
  }
}

const sameDepartment = (row: Departments, stored: Departments | undefined) =>
  stored !== undefined && (Object.keys(row) as (keyof Departments)[]).every((key) => row[key] === stored[key])

/**
 * Writes these people where they differ from what is known of them. A person keeps the userid in its first spelling,
 * since tasks and proofs name it, and WeCom ignores the case.
 */
export async function writeMembers(trx: Db, known: Map<string, Employees>, members: MemberSummary[], now: number) {
  const changed = members.flatMap((member) => {
    const stored = known.get(member.userid.toLowerCase())
    const fields = {
      name: member.name,
      // WeCom does not always tell it; what was known stays then.
      position: member.position ?? stored?.position ?? '',
      mainDepartmentId: mainDepartmentOf(member),
      active: 1 as const,
    }
    if (stored && (Object.keys(fields) as (keyof typeof fields)[]).every((key) => fields[key] === stored[key]))
      return []
    const userid = stored?.userid ?? member.userid
    return { userid, ...fields, ...searchKeys(member.name, stored), leftAt: null, updatedAt: now }
  })
  for (const some of chunks(changed)) {
    await trx
      .insertInto('employees')
      .values(some)
      .onConflict((conflict) =>
        conflict.column('userid').doUpdateSet(({ ref }) => ({
          name: ref('excluded.name'),
          position: ref('excluded.position'),
          mainDepartmentId: ref('excluded.mainDepartmentId'),
          searchName: ref('excluded.searchName'),
          pinyin: ref('excluded.pinyin'),
          initials: ref('excluded.initials'),
          active: 1,
          leftAt: null,
          updatedAt: now,
        })),
      )
      .execute()
  }
}

/** The main department may be one that the app does not see. */
function mainDepartmentOf({ departmentIds, mainDepartmentId }: MemberSummary): number | null {
  const main = departmentIds.find((id) => id === mainDepartmentId)
  return main ?? departmentIds[0] ?? null
}

/** By what a name is found; reading it takes a while, so what is known of the same name is taken over. */
function searchKeys(name: string, stored: Employees | undefined) {
  if (stored?.name !== name) return { searchName: foldForSearch(name), ...readName(name) }
  const { searchName, pinyin, initials } = stored
  return { searchName, pinyin, initials }
}

/** Makes the memberships of these people equal to what WeCom says; nobody else's are touched. */
export async function writeMemberships(trx: Db, known: Map<string, Employees>, members: MemberSummary[]) {
  const key = (departmentId: number, userid: string) => `${departmentId}/${userid}`
  const wanted = new Map(
    members.flatMap((member) => {
      const userid = known.get(member.userid.toLowerCase())?.userid ?? member.userid
      return member.departmentIds.map((departmentId) => [key(departmentId, userid), { departmentId, userid }] as const)
    }),
  )
  const people = members.map((member) => known.get(member.userid.toLowerCase())?.userid ?? member.userid)
  for (const some of chunks(people)) {
    for (const row of await trx.selectFrom('departmentMembers').selectAll().where('userid', 'in', some).execute()) {
      if (wanted.delete(key(row.departmentId, row.userid))) continue
      await trx
        .deleteFrom('departmentMembers')
        .where('departmentId', '=', row.departmentId)
        .where('userid', '=', row.userid)
        .execute()
    }
  }
  for (const some of chunks(wanted.values())) await trx.insertInto('departmentMembers').values(some).execute()
}

/** Everybody ever seen, by lower-cased userid. Read in steps: in one piece, 100,000 people stop everything else. */
export async function knownPeople(db: Db): Promise<Map<string, Employees>> {
  const known = new Map<string, Employees>()
  let last = ''
  for (;;) {
    const query = db.selectFrom('employees').selectAll().where('userid', '>', last).orderBy('userid')
    const rows = await query.limit(ROWS_AT_A_TIME).execute()
    for (const row of rows) known.set(row.userid.toLowerCase(), row)
    if (rows.length < ROWS_AT_A_TIME) return known
    last = rows.at(-1)!.userid
    await breathe()
  }
}

/** The same for one, in whatever case. */
export async function knownPerson(db: Db, userid: string): Promise<Map<string, Employees>> {
  const query = db
    .selectFrom('employees')
    .selectAll()
    .where(sql`lower(userid)`, '=', userid.toLowerCase())
  return new Map((await query.execute()).map((row) => [row.userid.toLowerCase(), row]))
}

/** Userids, in lower case, that WeCom has replaced since then: what was read before may still name people by them. */
export async function replacedSince(db: Db, at: number): Promise<Set<string>> {
  const rows = await db.selectFrom('formerUserids').select('former').where('renamedAt', '>=', at).execute()
  return new Set(rows.map(({ former }) => former.toLowerCase()))
}

/** People who left stay as rows, so that what they did keeps its name; they lose their departments. */
export async function markLeft(trx: Db, userids: string[], now: number) {
  for (const some of chunks(userids)) {
    await trx
      .updateTable('employees')
      .set({ active: 0, leftAt: now, updatedAt: now })
      .where('userid', 'in', some)
      .execute()
    await trx.deleteFrom('departmentMembers').where('userid', 'in', some).execute()
  }
}
