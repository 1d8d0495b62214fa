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

it('lets in as much as there is room for, and keeps large work from being overtaken for ever', async () => {
  const inTurn = queue(4)
  const begun: string[] = []
  const works = { small: 1, large: 3, huge: 9, last: 1 }
  const ends = new Map(Object.keys(works).map((name) => [name, Promise.withResolvers<void>()]))
  const all = Object.entries(works).map(([name, takes]) =>
    inTurn(() => {
      begun.push(name)
      return ends.get(name)!.promise
    }, takes),
  )
  expect(begun).toEqual(['small', 'large'])
  ends.get('small')!.resolve()
  await all[0]
  expect(begun).toEqual(['small', 'large'])
  ends.get('large')!.resolve()
  await expect.poll(() => begun).toEqual(['small', 'large', 'huge'])
  ends.get('huge')!.resolve()
  await expect.poll(() => begun).toEqual(['small', 'large', 'huge', 'last'])
  ends.get('last')!.resolve()
  await Promise.all(all)
})
