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
