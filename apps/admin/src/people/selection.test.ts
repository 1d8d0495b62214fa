import { expect, it } from 'vitest'
import { offerDepartment } from './selection.ts'

it('says beforehand, in numbers, that a department would break the limit', () => {
  expect(offerDepartment(128, 0, 88)).toEqual({ chosen: 'none', refusal: '还可选 88 人，本部门有 128 人，不能全选' })
  expect(offerDepartment(128, 12, 88).refusal).toBe('还可选 88 人，本部门有 128 人（已选 12 人），不能全选')
})

it('counts who is chosen already as no new one', () => {
  expect(offerDepartment(100, 12, 88)).toEqual({ chosen: 'some', refusal: '' })
  expect(offerDepartment(100, 100, 0)).toEqual({ chosen: 'all', refusal: '' })
})

it('finds nothing chosen in an empty department', () => {
  expect(offerDepartment(0, 0, 100)).toEqual({ chosen: 'none', refusal: '' })
})
