import type { Department } from '@qimeng/contract/people'

export interface DepartmentNode extends Department {
  children: DepartmentNode[]
}

/** The flat list as a tree. A department whose parent is not visible to the app stands at the top. */
export function departmentTree(departments: readonly Department[]): DepartmentNode[] {
  const nodes = new Map(
    departments.map((department) => [department.id, { ...department, children: [] as DepartmentNode[] }]),
  )
  const roots: DepartmentNode[] = []
  for (const node of nodes.values()) {
    const parent = node.parentId === null ? undefined : nodes.get(node.parentId)
    ;(parent?.children ?? roots).push(node)
  }
  return roots
}

/** A department as a row of the drawn tree. */
export interface TreeRow {
  node: DepartmentNode
  /** 1 at the top. */
  level: number
  open: boolean
  parent: DepartmentNode | undefined
}

/**
 * The rows in sight: what stands in an open department; or, while something is searched for, every department whose name
 * holds it, with all above it.
 */
export function treeRows(roots: readonly DepartmentNode[], open: ReadonlySet<number>, keyword: string): TreeRow[] {
  const typed = keyword.trim().toLowerCase()
  const rows: TreeRow[] = []
  /** Whether something was found in these or below them. */
  const add = (nodes: readonly DepartmentNode[], level: number, parent?: DepartmentNode): boolean => {
    let any = false
    for (const node of nodes) {
      const at = rows.length
      const row = { node, level, parent, open: typed === '' && open.has(node.id) }
      rows.push(row)
      if (typed === '') {
        if (row.open) add(node.children, level + 1, node)
        continue
      }
      row.open = add(node.children, level + 1, node)
      if (row.open || node.name.toLowerCase().includes(typed)) any = true
      else rows.length = at
    }
    return any
  }
  add(roots, 1)
  return rows
}
