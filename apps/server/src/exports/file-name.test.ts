import { expect, it } from 'vitest'
import { exportFileName } from './file-name.ts'

it.each([
  [['双十二', '第一天', '待执行', '2026-11-23 16:20'], '双十二-第一天-待执行-2026-11-23 1620.xlsx'],
  [['a/b\\c*?"<>|', '\u0007'], 'a_b_c______-_.xlsx'],
  [['新品🎉上市👨‍👩‍👧‍👦', '❤️', '已执行'], '新品上市-已执行.xlsx'],
  [['1️⃣号🇨🇳', '葛\u{E0100}'], '1号-葛.xlsx'],
  [['..', 'a'], 'a.xlsx'],
  [['Con.新品', 'a'], '_Con.新品-a.xlsx'],
  [['COM1'], '_COM1.xlsx'],
  [['contact', 'a'], 'contact-a.xlsx'],
])('%j is %s', (parts, name) => expect(exportFileName(parts)).toBe(name))

it('fits into a file system, however long the names are', () => {
  const longest = exportFileName(['长'.repeat(200), '𬎆'.repeat(100), '待执行', '2026-11-23 16:20'])
  expect(Buffer.byteLength(longest)).toBeLessThan(255)
  expect(longest.isWellFormed()).toBe(true)
  expect(exportFileName([`${'长'.repeat(29)}𬎆`])).toBe(`${'长'.repeat(29)}.xlsx`)
})
