import { DAY, HOUR, MINUTE } from '@qimeng/contract/time'
import { expect, it } from 'vitest'
import { stepsOf, timelineSentence } from './steps.ts'

const from = Date.UTC(2026, 10, 23, 1, 30) // 09:30 in Shanghai

it('names the minutes of one day by the clock of Shanghai, and adds up', () => {
  expect(stepsOf({ from, step: 10 * MINUTE, done: [2, 0, 3] })).toEqual([
    { short: '09:30', long: '11-23 09:30–09:40', done: 2, sum: 2 },
    { short: '09:40', long: '11-23 09:40–09:50', done: 0, sum: 2 },
    { short: '09:50', long: '11-23 09:50–10:00', done: 3, sum: 5 },
  ])
})

it('says the day too as soon as there are two of them', () => {
  const midnight = Date.UTC(2026, 10, 23, 16)
  expect(stepsOf({ from: midnight - HOUR, step: HOUR, done: [1, 1] }).map(({ short }) => short)).toEqual([
    '11-23 23:00',
    '11-24 00:00',
  ])
  const [days] = stepsOf({ from: midnight, step: 3 * DAY, done: [1, 1] })
  expect(days).toMatchObject({ short: '11-24', long: '11-24 至 11-26' })
})

it('tells whoever does not see the chart when most were done', () => {
  expect(timelineSentence(stepsOf({ from, step: 10 * MINUTE, done: [2, 0, 3] }))).toBe(
    '完成时间：共 5 人已执行，最多的是 11-23 09:50–10:00，3 人',
  )
  expect(timelineSentence(stepsOf({ from, step: MINUTE, done: [0] }))).toBe('完成时间：还没有员工执行')
})
