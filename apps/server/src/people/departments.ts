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

/**
 * Each person counts once in a department, however many departments below it he is in. Memberships are counted by the
 * database, and only the few people with several of them are looked at one by one. Who left has none.
 */
async function countPeople(db: Db, branches: Map<number, number[]>): Promise<Map<number, number>> {
  const counts = new Map<number, number>()
  const add = (departmentId: number, people: number) =>
    counts.set(departmentId, (counts.get(departmentId) ?? 0) + people)
  const members = db.selectFrom('departmentMembers')
  const sizes = await members
    .select(({ fn }) => ['departmentId', fn.countAll<number>().as('people')])
    .groupBy('departmentId')
    .execute()
  for (const { departmentId, people } of sizes) {
    for (const above of branches.get(departmentId) ?? []) add(above, people)
  }
  const inSeveral = members
    .select('userid')
    .groupBy('userid')
    .having(({ fn }) => fn.countAll(), '>', 1)
  const several = await members.select(['userid', 'departmentId']).where('userid', 'in', inSeveral).execute()
  for (const own of Map.groupBy(several, ({ userid }) => userid).values()) {
    const counted = new Set<number>()
    for (const above of own.flatMap(({ departmentId }) => branches.get(departmentId) ?? [])) {
      if (counted.has(above)) add(above, -1)
      counted.add(above)
    }
  }
  return counts
}
