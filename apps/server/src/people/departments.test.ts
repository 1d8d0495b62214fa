import { expect, test } from 'vitest'
import { arrangeDepartments } from './departments.ts'

const rows = (...visible: [id: number, parentId: number, name: string][]) =>
  arrangeDepartments(visible.map(([id, parentId, name]) => ({ id, parentId, name, order: 0 }))).map(
    ({ id, parentId, path, fullName }) => [id, parentId, path, fullName],
  )

test('the company leads nobody’s full name', () => {
  expect(rows([12, 5, '上海分公司'], [5, 1, '华东大区'], [1, 0, '云杉优选'])).toEqual([
    [1, null, '1/', '云杉优选'],
    [5, 1, '1/5/', '华东大区'],
    [12, 5, '1/5/12/', '华东大区/上海分公司'],
  ])
})

test('a department below one the app does not see becomes a root', () => {
  expect(rows([12, 5, '上海分公司'], [13, 12, '一部'])).toEqual([
    [12, null, '12/', '上海分公司'],
    [13, 12, '12/13/', '上海分公司/一部'],
  ])
})
