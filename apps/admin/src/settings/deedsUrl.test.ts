import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type DeedFilters, isFiltered, readFilters, writeFilters } from './deedsUrl.ts'

const filters: fc.Arbitrary<DeedFilters> = fc.record({
  actor: fc.constantFrom('zhangsan', undefined),
  action: fc.constantFrom('task.create', undefined),
  from: fc.constantFrom('2026-11-01', undefined),
  to: fc.constantFrom('2028-02-29', undefined),
  cursor: fc.constantFrom('abc', undefined),
})

it('gives back from the address what was put into it', () => {
  fc.assert(
    fc.property(filters, (wanted) => {
      expect(readFilters(writeFilters(wanted) as Record<string, string>)).toEqual(wanted)
    }),
  )
})

it('takes nonsense in an address for nothing', () => {
  const typed = { actor: '', action: 'toString', from: '2027-02-29', to: ['2027-01-01'], cursor: null }
  expect(writeFilters(readFilters(typed))).toEqual({})
  expect(isFiltered(readFilters({ cursor: 'abc' }))).toBe(false)
})
