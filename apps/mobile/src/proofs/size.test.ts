import { expect, it } from 'vitest'
import { LEGIBLE_SIDE, LONGEST_SIDE, shrunkSize } from './size.ts'

it.each([
  ['a screenshot of a large phone', { width: 1290, height: 2796 }, { width: 923, height: 2000 }],
  ['a photo', { width: 4032, height: 3024 }, { width: 2000, height: 1500 }],
  ['a small picture, never enlarged', { width: 300, height: 200 }, { width: 300, height: 200 }],
  ['a long scrolled screenshot stays legible', { width: 1080, height: 9000 }, { width: 720, height: 6000 }],
])('%s', (_, from, to) => expect(shrunkSize(from)).toEqual(to))

it('keeps every picture within 2000 px unless its writing would be lost, and within what Safari draws', () => {
  const sides = [1, 17, 719, 721, 1080, 1999, 2001, 4032, 9000, 30_000]
  for (const width of sides) {
    for (const height of sides) {
      const size = shrunkSize({ width, height })
      const [short, long] = [Math.min(size.width, size.height), Math.max(size.width, size.height)]
      expect(long <= LONGEST_SIDE || short <= LEGIBLE_SIDE, `${width} × ${height}`).toBe(true)
      expect(size.width * size.height).toBeLessThan(16_777_216)
      expect(size.width).toBeLessThanOrEqual(width)
      expect(size.height).toBeLessThanOrEqual(height)
    }
  }
})
