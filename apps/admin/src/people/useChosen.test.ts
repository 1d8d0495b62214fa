import { expect, it } from 'vitest'
import { useChosen } from './useChosen.ts'

const people = (count: number, prefix = 'p') =>
  Array.from({ length: count }, (_, n) => ({ userid: `${prefix}${n}`, name: `员工${n}`, department: '', active: true }))
const [a, b, c] = people(3) as [ReturnType<typeof people>[0], ...ReturnType<typeof people>]

it('adds a department without taking anybody twice', () => {
  const chosen = useChosen([a], 3)
  expect(chosen.addAll([a, b!, c!])).toBe(true)
  expect(chosen.list.value).toEqual([a, b, c])
  expect(chosen.room.value).toBe(0)
})

it('adds nobody of a department that would break the limit', () => {
  const chosen = useChosen([a], 2)
  expect(chosen.addAll([b!, c!])).toBe(false)
  expect(chosen.list.value).toEqual([a])
})

it('takes one person in and out, and none past the limit', () => {
  const chosen = useChosen([], 1)
  chosen.toggle(a)
  chosen.toggle(b!)
  expect(chosen.list.value).toEqual([a])
  chosen.toggle(a)
  expect(chosen.list.value).toEqual([])
})

it('knows who has left, and leaves alone what it was given', () => {
  const given = [a, { ...b!, active: false }]
  const chosen = useChosen(given, 100)
  chosen.removeAll(chosen.left.value)
  expect(chosen.list.value).toEqual([a])
  expect(given).toHaveLength(2)
})

it('changes among 100,000 as quickly as among ten', async () => {
  const chosen = useChosen(people(50_000), 100_000)
  expect(chosen.addAll(people(50_000, 'q'))).toBe(true)
  const toggleSome = () => {
    const startedAt = performance.now()
    for (const person of people(1_000)) chosen.toggle(person)
    return performance.now() - startedAt
  }
  toggleSome()
  expect(chosen.list.value).toHaveLength(99_000)
  // A machine that does other things may be slow once.
  await expect.poll(toggleSome).toBeLessThan(500)
})
