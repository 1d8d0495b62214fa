import type { Page, PersonRef } from '@qimeng/contract'
import type { PersonRow } from '@qimeng/contract/people'
import { type Expression, type SqlBool, sql } from 'kysely'
import { chunks } from '../db/chunks.ts'
import { compileOnce } from '../db/compiled.ts'
import { keysetPage, type PageQuery } from '../db/keyset.ts'
import { contains, containsInOrder, foldForSearch } from '../db/search.ts'
import type { Db } from '../parts.ts'
import { spellKeyword } from './pinyin.ts'

/** People by their stored userids, also those who left. Whoever was never in the directory is missing from the map. */
export async function personRefs(db: Db, userids: Iterable<string>): Promise<Map<string, PersonRef>> {
  const refs = new Map<string, PersonRef>()
  for (const some of chunks(new Set(userids))) {
    const rows = await selectSome(db, { userids: some })
    for (const row of rows) refs.set(row.userid, toRef(row))
  }
  return refs
}

/** The same for one; a stranger is called by his userid. */
export async function personRef(db: Db, userid: string): Promise<PersonRef> {
  return (await personRefs(db, [userid])).get(userid) ?? stranger(userid)
}

/** Somebody who was never in the directory, called by his userid. */
export const stranger = (userid: string): PersonRef => ({ userid, name: userid, department: '', active: false })

/** A person in whatever case the userid is written: WeCom ignores it. */
export async function findPerson(db: Db, userid: string): Promise<PersonRef | undefined> {
  const exact = (await personRefs(db, [userid])).get(userid)
  if (exact) return exact
  const row = await selectPeople(db)
    .where(sql`lower(${sql.ref('employees.userid')})`, '=', userid.toLowerCase())
    .executeTakeFirst()
  return row && toRef(row)
}

/** For queries that join `employees`: name, account, pinyin or initials contain the keyword, or a mixture of them does. */
export function personMatches(keyword: string): Expression<SqlBool> {
  const { chinese, pinyin, initials, beginnings } = spellKeyword(keyword)
  const places = [
    contains('employees.searchName', keyword),
    contains(sql`lower(${sql.ref('employees.userid')})`, keyword),
  ]
  // Chinese alone is looked for as it is written: 张 does not find 章.
  if (pinyin !== '' && chinese.join('') !== foldForSearch(keyword).replaceAll(/\s/g, '')) {
    const spelled = [contains('employees.pinyin', pinyin), contains('employees.initials', initials)]
    places.push(all([any(spelled), ...chinese.map((written) => contains('employees.searchName', written))]))
  }
  if (beginnings.length > 0) {
    const first = beginnings.map((letters) => [...letters][0]).join('')
    places.push(all([contains('employees.initials', first), containsInOrder('employees.pinyin', beginnings)]))
  }
  return any(places)
}

const any = (places: Expression<SqlBool>[]) => sql<SqlBool>`(${sql.join(places, sql` or `)})`
const all = (places: Expression<SqlBool>[]) => sql<SqlBool>`(${sql.join(places, sql` and `)})`

/** For queries that join `employees`: in the department or below it. */
export function inDepartment(db: Db, departmentId: number): Expression<SqlBool> {
  const members = db
    .selectFrom('departments as root')
    .innerJoin('departments as branch', (join) =>
      join.on(sql<SqlBool>`${sql.ref('branch.path')} like ${sql.ref('root.path')} || '%'`),
    )
    .innerJoin('departmentMembers', 'departmentMembers.departmentId', 'branch.id')
    .where('root.id', '=', departmentId)
    .select('departmentMembers.userid')
  return sql<SqlBool>`${sql.ref('employees.userid')} in ${members}`
}

export interface PeopleQuery extends PageQuery {
  keyword?: string | undefined
  departmentId?: number | undefined
}

/** Active people in the order of their pinyin, as a Chinese address book lists them. */
export async function searchPeople(db: Db, { keyword, departmentId, ...page }: PeopleQuery): Promise<Page<PersonRow>> {
  let query = selectPeople(db).where('employees.active', '=', 1)
  if (keyword) query = query.where(personMatches(keyword))
  if (departmentId !== undefined) query = query.where(inDepartment(db, departmentId))
  const { total } = await query
    .clearSelect()
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const found = await keysetPage(
    query,
    [
      { by: sql.ref('employees.pinyin'), direction: 'asc', of: (row) => row.pinyin },
      { by: sql.ref('employees.userid'), direction: 'asc', of: (row) => row.userid },
    ],
    page,
  )
  return { ...found, total, rows: found.rows.map((row) => ({ ...toRef(row), position: row.position })) }
}

const selectPeople = (db: Db) =>
  db
    .selectFrom('employees')
    .leftJoin('departments', 'departments.id', 'employees.mainDepartmentId')
    .select([
      'employees.userid',
      'employees.name',
      'employees.position',
      'employees.pinyin',
      'employees.active',
      'departments.fullName as department',
    ])

const selectSome = compileOnce((db, { userids }: { userids: string[] }) =>
  selectPeople(db).where('employees.userid', 'in', userids),
)

/** Of a query that joins `employees` and, by their main department, `departments`. */
export const toRef = (row: { userid: string; name: string; department: string | null; active: 0 | 1 }): PersonRef => ({
  userid: row.userid,
  name: row.name,
  department: row.department ?? '',
  active: row.active === 1,
})
