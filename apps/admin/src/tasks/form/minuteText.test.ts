import { parseShanghai } from '@qimeng/contract/time'
import { expect, it } from 'vitest'
import { partsOf, quieterMinute, readMinute, writeParts } from './minuteText.ts'

it.each(['2026-11-05 09:30', ' 2026-11-5 9:30 ', '2026/11/05 09:30', '2026.11.5  9：30'])('reads %s', (text) => {
  expect(readMinute(text)).toEqual({ minute: parseShanghai('2026-11-05 09:30') })
})

it('takes a minute long past as what it is: the form says that it is past', () => {
  expect(readMinute('2020-01-01 00:00')).toEqual({ minute: parseShanghai('2020-01-01 00:00') })
})

it('takes nothing for nothing', () => {
  expect(readMinute(' ')).toEqual({ minute: null })
})

it('does not make midnight of a day without a time', () => {
  expect(readMinute('2026-11-05')).toEqual({ problem: '「2026-11-05」没有时间，请选择时间' })
})

it.each(['明天早上', '2026-02-31 10:00', '2026-11-05 24:00', '2026-11-05 9:3'])('refuses %s, and quotes it', (text) => {
  expect(readMinute(text)).toEqual({ problem: `「${text}」不是有效的时间，请按 2026-11-25 09:30 的格式填写` })
})

it('asks for the minute where only the hour was chosen', () => {
  expect(readMinute('2026-11-05 09')).toEqual({ problem: '「2026-11-05 09」没有分钟，请选择分钟' })
})

it.each([
  ['2026-11-05', { day: '2026-11-05' }],
  ['2026-11-05 09', { day: '2026-11-05', hour: 9 }],
  ['2026-11-05 09:30', { day: '2026-11-05', hour: 9, minute: 30 }],
  // The night on which New York has no 2:30.
  ['2027-03-14 02:30', { day: '2027-03-14', hour: 2, minute: 30 }],
])('takes %s apart for calendar and clock, and writes it again', (text, parts) => {
  expect(partsOf(text)).toEqual(parts)
  expect(writeParts(parts)).toBe(text)
})

it.each(['', '明天', '2026-02-31'])('finds nothing for the calendar in 「%s」', (text) => {
  expect(partsOf(text)).toEqual({})
})

it.each([
  ['2026-11-05 09:00', '2026-11-05 09:03'],
  ['2026-11-05 23:30', '2026-11-05 23:33'],
])('offers a quieter minute than %s', (text, quieter) => {
  expect(quieterMinute(parseShanghai(text)!)).toBe(parseShanghai(quieter))
})

it('finds 09:03 quiet enough', () => {
  expect(quieterMinute(parseShanghai('2026-11-05 09:03')!)).toBeUndefined()
})
