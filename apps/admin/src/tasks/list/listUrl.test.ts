import { parseShanghai } from '@qimeng/contract/time'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { TaskFilters } from './listUrl.ts'
import { isFiltered, readFilters, toListQuery, writeFilters } from './listUrl.ts'

const filters: fc.Arbitrary<TaskFilters> = fc.record({
  keyword: fc.string(),
  state: fc.constantFrom('not_started', 'running', 'finished', undefined),
  scope: fc.constantFrom('wechat', 'wecom', 'all', undefined),
  from: fc.constantFrom('2026-11-01', undefined),
  to: fc.constantFrom('2028-02-29', undefined),
  sort: fc.constantFrom('newest', 'oldest'),
  cursor: fc.constantFrom('abc', undefined),
})

it('gives back from the address what was put into it', () => {
  fc.assert(
    fc.property(filters, (wanted) => {
      expect(readFilters(writeFilters(wanted) as Record<string, string>)).toEqual(wanted)
    }),
  )
})

it('keeps the address of the plain list empty', () => {
  expect(writeFilters(readFilters({}))).toEqual({})
  expect(isFiltered(readFilters({ sort: 'oldest' }))).toBe(false)
})

it('takes nonsense in an address for nothing', () => {
  const typed = { state: 'toString', scope: ['wechat'], from: '2027-02-29', to: 'x', sort: 'up', keyword: null }
  expect(readFilters(typed)).toEqual(readFilters({}))
})

it('asks for whole Shanghai days', () => {
  const query = toListQuery(readFilters({ from: '2026-11-25', to: '2026-11-25' }))
  expect(query.createdFrom).toBe(parseShanghai('2026-11-25 00:00'))
  expect(query.createdTo).toBe(parseShanghai('2026-11-26 00:00')! - 1)
})
