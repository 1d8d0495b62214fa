import { expect, it } from 'vitest'
import { requestKey } from './requestKey.ts'

it('is the same for a repeated request, and another for other content or after an answer', () => {
  const key = requestKey()
  const first = key.of({ userids: ['lisi'] })
  expect(key.of({ userids: ['lisi'] })).toBe(first)
  const other = key.of({ userids: ['wangwu'] })
  expect(other).not.toBe(first)
  key.answered()
  expect(key.of({ userids: ['wangwu'] })).not.toBe(other)
})
