import { expect, it } from 'vitest'
import { addAll, toggle } from './selection.ts'

const person = (userid: string) => ({ userid, name: userid, department: '', active: true })
const [a, b, c] = ['a', 'b', 'c'].map(person) as [ReturnType<typeof person>, ...ReturnType<typeof person>[]]

it('adds a department without taking anybody twice', () => {
  expect(addAll([a], [a, b!, c!], 3)).toEqual({ chosen: [a, b, c] })
})

it('adds nobody when the limit would be broken, and says so', () => {
  expect(addAll([a], [b!, c!], 2)).toEqual({
    chosen: [a],
    problem: '加上已选的 1 人会达到 3 人，超过上限 2 人，没有添加',
  })
})

it('toggles one person', () => {
  expect(toggle([a], b!)).toEqual([a, b])
  expect(toggle([a, b!], a)).toEqual([b])
})
