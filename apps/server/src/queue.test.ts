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

it('lets nobody wait behind all that one person has brought', async () => {
  const inTurn = queue(2)
  const begun: string[] = []
  const finish = new Map<string, () => void>()
  const bring = (name: string, who: string) =>
    inTurn(() => {
      begun.push(name)
      return new Promise<void>((resolve) => finish.set(name, resolve))
    }, who)
  const works = ['a1', 'a2', 'a3', 'a4'].map((name) => bring(name, 'a'))
  works.push(bring('b1', 'b'), bring('c1', 'c'), bring('b2', 'b'))
  expect(begun).toEqual(['a1', 'a2'])
  for (const name of ['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']) {
    await expect.poll(() => finish.has(name)).toBe(true)
    finish.get(name)!()
  }
  await Promise.all(works)
  expect(begun).toEqual(['a1', 'a2', 'b1', 'a3', 'c1', 'b2', 'a4'])
})
