import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as XLSX from 'xlsx'
import type { WorkbookRow } from './columns.ts'
import { WorkbookWriter } from './workbook.ts'

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
  proofErased: false,
  proofUrl: 'https://wb.example.com/admin/tasks/t1?a=1&b=2',
  ...change,
})

function writeWorkbook(rows: WorkbookRow[]) {
  const workbook = new WorkbookWriter()
  for (const row of rows) workbook.add(row)
  return workbook.end()
}

const reopen = async (rows: WorkbookRow[]) =>
  XLSX.read(await writeWorkbook(rows), { cellNF: true, cellFormula: true }).Sheets['执行明细']!

it('has the columns of PRODUCT.md 3.5, dates as real dates on the clock of Shanghai', async () => {
  const sheet = await reopen([aRow()])
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

it('says of a screenshot that is erased that it was, in place of a link to nothing', async () => {
  const sheet = await reopen([aRow({ proofImages: 0, proofUrl: null, proofErased: true })])
  expect(sheet['L2']).toMatchObject({ t: 's', v: '截图已清除' })
  expect(sheet['L2'].l).toBeUndefined()
})

it('keeps the header in sight', async () => {
  const zip = XLSX.CFB.read(await writeWorkbook([aRow()]), { type: 'buffer' })
  const xml = Buffer.from(XLSX.CFB.find(zip, '/xl/worksheets/sheet1.xml')!.content as Uint8Array).toString()
  expect(xml).toContain('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>')
})

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', "'=1"])('writes %j as text', async (name) => {
  const cell = (await reopen([aRow({ name })]))['D2']
  expect(cell.t).toBe('s')
  expect(cell.f).toBeUndefined()
})

// eslint-disable-next-line no-control-regex
const FORBIDDEN_IN_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g
const aText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme' }),
  // What a spreadsheet reads as a character by its number, and what XML reads as one of its own.
  fc.string({
    unit: fc.constantFrom('_', 'x', '0', '4', '1', '&', '#', ';', '<', '>', '"', "'", '\r', '\n', '\ud800'),
  }),
)

it('has every name as it is, whatever it holds, but for what no XML can hold', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(aText, aText), { minLength: 1, maxLength: 20 }), async (people) => {
      const sheet = await reopen(people.map(([name, department]) => aRow({ name, department })))
      for (const [at, texts] of people.entries()) {
        for (const [column, text] of [...'DF'].map((letter, which) => [letter, texts[which]!] as const)) {
          const cell = sheet[`${column}${at + 2}`]
          expect(cell.f).toBeUndefined()
          expect(cell.t).toBe('s')
          // SheetJS reads the two characters of a line end as one.
          expect(cell.v).toBe(text.toWellFormed().replace(FORBIDDEN_IN_XML, '').replaceAll('\r\n', '\n'))
        }
      }
    }),
    { numRuns: 60 },
  )
})

it('is a whole file with no row, and with more than are compressed at a time', async () => {
  expect((await reopen([]))['!ref']).toBe('A1:L1')
  const many = Array.from({ length: 3000 }, (_, at) => aRow({ name: `员工${at}`, userid: `user${at}` }))
  const sheet = await reopen(many)
  expect(sheet['!autofilter']).toEqual({ ref: 'A1:L3001' })
  const rows = XLSX.utils.sheet_to_json<Record<string, unknown>>(sheet)
  expect(rows.map((row) => row.账号)).toEqual(many.map(({ userid }) => userid))
  expect(sheet['L3001'].l).toMatchObject({ Target: many[0]!.proofUrl, Tooltip: '登录管理后台后可查看' })
})

it('leaves empty what there is not', async () => {
  const sheet = await reopen([aRow({ executedAt: null, proofUrl: null, proofImages: 0 })])
  expect([sheet['I2'], sheet['L2']]).toEqual([undefined, undefined])
  expect(sheet['K2'].v).toBe(0)
})
