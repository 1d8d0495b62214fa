import { expect, test } from 'vitest'
import { atOnce } from './at-once.ts'

test('one person has so many places and no more, and gets them back', () => {
  const enter = atOnce(2, '太多')
  const leave = enter('lisi')
  enter('lisi')
  expect(() => enter('lisi')).toThrow(expect.objectContaining({ code: 'too_many_requests', retryAfter: 5 }))
  enter('wangwu')
  leave()
  enter('lisi')
})
