import { expect, it } from 'vitest'
import { queue } from './queue.ts'

it('lets so many work at once, the others in their order, whether or not one fails', async () => {
  const inTurn = queue(2)
  const begun: number[] = []
  const works = Array.from({ length: 5 }, () => Promise.withResolvers<number>())
  const results = works.map(({ promise }, index) =>
    inTurn(() => {
      begun.push(index)
      return promise
    }).catch(() => 'failed'),
  )
  expect(begun).toEqual([0, 1])
  works[1]!.reject(new Error('no picture'))
  await expect.poll(() => begun).toEqual([0, 1, 2])
  for (const [index, { resolve }] of works.entries()) resolve(index)
  expect(await Promise.all(results)).toEqual([0, 'failed', 2, 3, 4])
  expect(begun).toEqual([0, 1, 2, 3, 4])
})
