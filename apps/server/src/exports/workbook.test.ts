import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as XLSX from 'xlsx'
import { writeWorkbook, type WorkbookRow } from './workbook.ts'

const aRow = (change: Partial<WorkbookRow> = {}): WorkbookRow => ({
  taskName: '双十二预热',
  pushName: '第一天',
  scheduledAt: Date.UTC(2024, 1, 29, 1, 5),
  name: '张三',
  userid: 'zhangsan',
  department: '华东大区/上海分公司',
  state: '已执行',
  card: '已送达',
  executedAt: Date.UTC(2024, 1, 29, 15, 59, 58),
  reminders: 2,
  proofImages: 3,
  proofUrl: 'https://wb.example.com/admin/tasks/t1?a=1&b=2',
  ...change,
})

const reopen = (file: Uint8Array) => XLSX.read(file, { cellNF: true, cellFormula: true }).Sheets['执行明细']!

it('has the columns of PRODUCT.md 3.5, dates as real dates on the clock of Shanghai', () => {
  const sheet = reopen(writeWorkbook([aRow()]))
  expect(XLSX.utils.sheet_to_json(sheet, { header: 1, raw: false })).toEqual([
    '任务名称 推送名称 推送时间 员工姓名 账号 部门 状态 送达 完成时间 提醒次数 凭证数 凭证'.split(' '),
    [
      '双十二预热',
      '第一天',
      '2024-02-29 09:05',
      '张三',
      'zhangsan',
      '华东大区/上海分公司',
      '已执行',
      '已送达',
      '2024-02-29 23:59:58',
      '2',
      '3',
      '查看凭证',
    ],
  ])
  expect(sheet['C2']).toMatchObject({ t: 'n', z: 'yyyy-mm-dd hh:mm' })
  expect(sheet['L2'].l.Target).toBe('https://wb.example.com/admin/tasks/t1?a=1&b=2')
})

it('keeps the header in sight', () => {
  const zip = XLSX.CFB.read(writeWorkbook([aRow()]), { type: 'buffer' })
  const xml = Buffer.from(XLSX.CFB.find(zip, '/xl/worksheets/sheet1.xml')!.content as Uint8Array).toString()
  expect(xml).toContain('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>')
})

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', "'=1"])('writes %j as text', (name) => {
  const cell = reopen(writeWorkbook([aRow({ name })]))['D2']
  expect(cell.t).toBe('s')
  expect(cell.f).toBeUndefined()
})

it('opens again whatever the names hold', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: 'grapheme' }), (name, department) => {
      const cell = reopen(writeWorkbook([aRow({ name, department })]))['D2']
      expect(cell.f).toBeUndefined()
      expect(['s', 'z', undefined]).toContain(cell?.t)
    }),
    { numRuns: 60 },
  )
  expect(() => reopen(writeWorkbook([aRow({ name: 'a\u0000\u001f\ud800b' })]))).not.toThrow()
})
