import { expect, it } from 'vitest'
import { departmentTree } from './departmentTree.ts'

it('nests departments, and puts those with an unseen parent at the top', () => {
  const flat = [
    { id: 3, name: '上海', parentId: 2, people: 4 },
    { id: 1, name: '总部', parentId: null, people: 9 },
    { id: 2, name: '华东', parentId: 1, people: 5 },
    { id: 8, name: '外部', parentId: 7, people: 1 },
  ]
  const [top, outside] = departmentTree(flat)
  expect(top).toMatchObject({ name: '总部', children: [{ name: '华东', children: [{ name: '上海' }] }] })
  expect(outside!.name).toBe('外部')
})
