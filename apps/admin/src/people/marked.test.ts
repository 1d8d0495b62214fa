import { expect, it } from 'vitest'
import { markTyped } from './marked.ts'

const drawn = (text: string, keyword: string) =>
  markTyped(text, keyword)
    .map(({ text: piece, hit }) => (hit ? `[${piece}]` : piece))
    .join('')

it.each([
  ['张三丰', '三', '张[三]丰'],
  ['张三丰', '张s', '[张]三丰'],
  ['Alice王', 'alice', '[Alice]王'],
  ['李𬎆', '𬎆', '李[𬎆]'],
  ['张三', 'zs', '张三'],
  ['a.b(c', '.b(', 'a[.b(]c'],
  ['张三', ' ', '张三'],
])('in %s, %s is marked as %s', (text, keyword, expected) => {
  expect(drawn(text, keyword)).toBe(expected)
})
