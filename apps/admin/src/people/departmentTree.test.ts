import { expect, it } from 'vitest'
import { departmentTree, treeRows } from './departmentTree.ts'

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

const CHAIN = departmentTree([
  { id: 1, name: '总部', parentId: null, people: 9 },
  { id: 2, name: '华东', parentId: 1, people: 5 },
  { id: 3, name: '上海店', parentId: 2, people: 4 },
  { id: 4, name: '华南', parentId: 1, people: 3 },
])
const names = (open: number[], keyword = '') =>
  treeRows(CHAIN, new Set(open), keyword).map(({ node, level }) => `${'-'.repeat(level)}${node.name}`)

it('shows what stands in open departments', () => {
  expect(names([])).toEqual(['-总部'])
  expect(names([1])).toEqual(['-总部', '--华东', '--华南'])
  expect(names([2])).toEqual(['-总部'])
})

it('shows a department that is searched for with all above it, open or not', () => {
  expect(names([], '上海')).toEqual(['-总部', '--华东', '---上海店'])
  expect(names([1], '华')).toEqual(['-总部', '--华东', '--华南'])
  expect(names([1], '没有')).toEqual([])
})
