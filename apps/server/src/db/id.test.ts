import { expect, test } from 'vitest'
import { newId } from './id.ts'

test('ids are lower case, of one length, different, and ascend in the order they were made', () => {
  const ids = Array.from({ length: 10_000 }, newId)
  expect(ids.every((id) => /^[0-9a-z]{26}$/.test(id))).toBe(true)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.toSorted()).toEqual(ids)
})
