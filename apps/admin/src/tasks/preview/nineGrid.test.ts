import { expect, it } from 'vitest'
import { gridColumns, singleSize } from './nineGrid.ts'

it('draws one large, four two by two, and everything else three abreast', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9].map(gridColumns)).toEqual([1, 3, 3, 2, 3, 3, 3, 3, 3])
})

it('keeps the proportions of a single picture within its box', () => {
  expect(singleSize(1600, 1200, 160)).toEqual({ width: 160, height: 120 })
  expect(singleSize(1200, 1600, 160)).toEqual({ width: 120, height: 160 })
  expect(singleSize(10_000, 10, 160)).toEqual({ width: 160, height: 53 })
  expect(singleSize(10, 10_000, 160)).toEqual({ width: 53, height: 160 })
})
