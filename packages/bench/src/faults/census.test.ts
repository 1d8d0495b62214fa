import { expect, it } from 'vitest'
import { census } from './census.ts'

const message = (userid: string, pushId: string) => ({ userid, msgid: 'm', url: `http://x/m/pushes/${pushId}?b=1` })

it('counts what is missing, what is there twice, and what came to the wrong people', () => {
  const messages = [message('lisi', 'p1'), message('lisi', 'p1'), message('stranger', 'p1'), message('Wangwu', 'p2')]
  expect(census(messages, [{ pushId: 'p1', executors: ['lisi', 'zhaoliu'] }])).toEqual({ lost: 1, doubled: 2 })
  expect(census(messages, [{ pushId: 'p2', executors: ['wangwu'], cards: 2 }])).toEqual({ lost: 1, doubled: 0 })
})
