import { expect, it } from 'vitest'
import { readView, writeView } from './detailUrl.ts'

it('gives back from the address what was put into it', () => {
  const view = { push: 'p1', list: 'done', keyword: '张', department: 7, cursor: 'c', proof: 'zhangsan' } as const
  expect(readView(writeView(view))).toEqual(view)
})

it('keeps the address of the first look empty, and takes nonsense for nothing', () => {
  expect(writeView(readView({}))).toEqual({})
  expect(readView({ department: 'x', list: 'all', push: ['a', 'b'] })).toEqual(readView({}))
})
