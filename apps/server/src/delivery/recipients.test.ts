import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitRecipients } from './recipients.ts'

const people = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`)

describe('splitting recipients over calls', () => {
  it.each([
    [1, [1]],
    [999, [999]],
    [1000, [1000]],
    [1001, [1000, 1]],
    [2001, [1000, 1000, 1]],
  ])('%i people', (count, sizes) => {
    expect(splitRecipients(people(count)).groups.map(({ length }) => length)).toEqual(sizes)
  })

  it('keeps apart whom no call can name: an id with a separator would reach others, @all everybody', () => {
    expect(splitRecipients(['a', 'b|c', '@all', 'd'])).toEqual({
      groups: [['a', 'd']],
      unaddressable: ['b|c', '@all'],
    })
    expect(splitRecipients([])).toEqual({ groups: [], unaddressable: [] })
  })

  it('loses nobody, doubles nobody, and never exceeds what one call takes', () => {
    const userids = fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b', '|', '@', '-'), maxLength: 6 }), {
      maxLength: 3000,
    })
    fc.assert(
      fc.property(userids, fc.integer({ min: 0, max: 3000 }), (odd, count) => {
        const all = [...people(count), ...odd]
        const { groups, unaddressable } = splitRecipients(all)
        expect([...groups.flat(), ...unaddressable].sort()).toEqual(all.sort())
        for (const group of groups) {
          expect(group.length).toBeGreaterThan(0)
          expect(group.length).toBeLessThanOrEqual(1000)
        }
      }),
      { numRuns: 50 },
    )
  })
})
