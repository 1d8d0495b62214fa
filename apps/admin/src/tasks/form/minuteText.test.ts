import { parseShanghai } from '@qimeng/contract/time'
import { expect, it } from 'vitest'
import { readMinute } from './minuteText.ts'

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
