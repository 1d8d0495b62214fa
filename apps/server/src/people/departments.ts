import type { VisibleDepartment } from '@qimeng/wecom'
import type { Department } from '@qimeng/contract/people'
import type { Departments } from '../db/schema.ts'
import type { Db } from '../parts.ts'

/** WeCom's number for the company itself, which stands above every department. */
const COMPANY = 1

/**
 * Departments as rows, from the ones the app sees. Whatever hangs below an invisible department becomes a root; the
 * company's own name leads nobody's full name.
 */
export function arrangeDepartments(visible: VisibleDepartment[]): Departments[] {
  const known = new Set(visible.map(({ id }) => id))
  const children = Map.groupBy(visible, ({ parentId }) => (known.has(parentId) ? parentId : null))
  const rows: Departments[] = []
  const add = (parent: Departments | null) => {
    for (const { id, name, order } of children.get(parent?.id ?? null) ?? []) {
      const row = {
        id,
        name,
        parentId: parent?.id ?? null,
        sort: order,
        path: `${parent?.path ?? ''}${id}/`,
        fullName: parent === null || parent.id === COMPANY ? name : `${parent.fullName}/${name}`,
      }
      rows.push(row)
      add(row)
    }
  }
  add(null)
  return rows
}

/** The tree, flat, in WeCom's order, with the active people in and below each department. */
export async function listDepartments(db: Db): Promise<Department[]> {
  const rows = await db.selectFrom('departments').selectAll().orderBy('sort', 'desc').orderBy('id').execute()
  const people = await countPeople(
    db,
    new Map(rows.map(({ id, path }) => [id, path.split('/').slice(0, -1).map(Number)])),
  )
  return rows.map(({ id, name, parentId }) => ({ id, name, parentId, people: people.get(id) ?? 0 }))
}

/** Each person counts once in a department, however many departments below it he is in. */
async function countPeople(db: Db, branches: Map<number, number[]>): Promise<Map<number, number>> {
  const members = await db
    .selectFrom('departmentMembers')
    .innerJoin('employees', 'employees.userid', 'departmentMembers.userid')
    .where('employees.active', '=', 1)
    .select(['departmentMembers.userid', 'departmentMembers.departmentId'])
    .execute()
  const counts = new Map<number, number>()
  for (const own of Map.groupBy(members, ({ userid }) => userid).values()) {
    const above = new Set(own.flatMap(({ departmentId }) => branches.get(departmentId) ?? []))
    for (const id of above) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return counts
}
