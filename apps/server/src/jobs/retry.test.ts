import { expect, test } from 'vitest'
import { MAX_ATTEMPTS, retryDelay } from './retry.ts'

test('the delay doubles up to five minutes, between half and all of it', () => {
  const longest = Array.from({ length: 12 }, (_, i) => retryDelay(i + 1, () => 1) / 1000)
  expect(longest).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
  expect(retryDelay(4, () => 0)).toBe(4_000)
})

test('all attempts together last through an outage of twenty minutes, even with the shortest delays', () => {
  let total = 0
  for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt++) total += retryDelay(attempt, () => 0)
  expect(total).toBeGreaterThan(20 * 60_000)
})
