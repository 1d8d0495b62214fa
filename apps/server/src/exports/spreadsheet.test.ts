import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WorkbookRow } from './columns.ts'
import { WorkbookWriter } from './workbook.ts'

// The file as a program reads it that had no part in writing it. scripts/lib/spreadsheet.mjs installs LibreOffice.
const hasLibreOffice = spawnSync('soffice', ['--version']).status === 0

/** Comma, double quote, UTF-8, every cell as it is shown, the first sheet. */
const CSV = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1'

const aRow = (change: Partial<WorkbookRow> = {}): WorkbookRow => ({
  taskName: '双十二预热',
  pushName: '第一天',
  scheduledAt: Date.UTC(2024, 1, 29, 1, 5),
  name: '张三',
  userid: '0071',
  department: '华东大区/上海分公司',
  state: '已执行',
  card: '未送达：用户不在应用可见范围, "请检查"',
  executedAt: Date.UTC(2024, 1, 29, 15, 59, 59, 900),
  reminders: 2,
  proofImages: 3,
  proofErased: false,
  proofUrl: 'https://wb.example.com/admin/tasks/t1?a=1&b=2',
  ...change,
})

/** Anything a program for tables might take for a formula, a number or a date, and what no file can hold. */
const NAMES = [
  ['=1+1', '=1+1'],
  ['+1', '+1'],
  ['-2+3', '-2+3'],
  ['@SUM(A1:A9)', '@SUM(A1:A9)'],
  ['=HYPERLINK("http://a.example";"b")', '=HYPERLINK("http://a.example";"b")'],
  ['\t=1', '\t=1'],
  ["'=1", "'=1"],
  ['000123', '000123'],
  ['1e5', '1e5'],
  ['2024-02-30', '2024-02-30'],
  ['TRUE', 'TRUE'],
  ['  两边有空格  ', '  两边有空格  '],
  ['👨‍👩‍👧‍👦家🀅', '👨‍👩‍👧‍👦家🀅'],
  ['<b>&amp;"', '<b>&amp;"'],
  ['两\n行', '两\n行'],
  ['a_x0041_b', 'a_x0041_b'],
  ['a\u0000\u0007\u001fb\uffff', 'ab'],
  ['שלום', 'שלום'],
] as const

const MANY = 1500

if (!hasLibreOffice) it.skip('not checked with LibreOffice: there is no soffice on this machine', () => {})

describe.runIf(hasLibreOffice)('opened in LibreOffice, the file', () => {
  let folder: string
  let cells: string[][]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'qimeng-spreadsheet-'))
    const minutes = Array.from({ length: MANY }, (_, index) =>
      aRow({ name: `员工${index}`, scheduledAt: Date.UTC(2026, 0, 1) + index * 60_000 }),
    )
    const rows = [...NAMES.map(([name]) => aRow({ name, taskName: name })), ...minutes]
    const workbook = new WorkbookWriter()
    for (const row of [...rows, aRow({ executedAt: null, proofUrl: null })]) workbook.add(row)
    cells = await readWithLibreOffice(folder, await workbook.end())
  }, 120_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('has the columns of PRODUCT.md 3.5 and a row for each execution', () => {
    expect(cells[0]!.join(' ')).toBe(
      '任务名称 推送名称 推送时间 员工姓名 账号 部门 状态 送达 完成时间 提醒次数 凭证数 凭证',
    )
    expect(cells).toHaveLength(1 + NAMES.length + MANY + 1)
    expect(cells[1]!.slice(1)).toEqual([
      '第一天',
      // LibreOffice writes a date that knows the hour with its seconds, whatever the cell's format shows.
      '2024-02-29 09:05:00',
      '=1+1',
      '0071',
      '华东大区/上海分公司',
      '已执行',
      '未送达：用户不在应用可见范围, "请检查"',
      '2024-02-29 23:59:59',
      '2',
      '3',
      '查看凭证',
    ])
  })

  it('shows text as text: nothing is computed, nothing loses a digit', () => {
    const shown = cells.slice(1, 1 + NAMES.length).map(([taskName, , , name]) => [taskName, name])
    expect(shown).toEqual(NAMES.map(([, read]) => [read, read]))
  })

  it('shows every minute of a day as that minute, in Shanghai and in the right century', () => {
    const times = cells.slice(1 + NAMES.length, 1 + NAMES.length + MANY).map((row) => row[2])
    expect(times.slice(0, 2)).toEqual(['2026-01-01 08:00:00', '2026-01-01 08:01:00'])
    expect(new Set(times).size).toBe(MANY)
    expect(times.at(-1)).toBe('2026-01-02 08:59:00')
  })

  it('leaves empty what there is not', () => {
    const last = cells.at(-1)!
    expect([last[8], last[11]]).toEqual(['', ''])
  })
})

async function readWithLibreOffice(folder: string, file: Uint8Array): Promise<string[][]> {
  await writeFile(join(folder, 'book.xlsx'), file)
  // A profile of its own: a LibreOffice that somebody has open would take the command over and do nothing.
  const profile = `-env:UserInstallation=${pathToFileURL(join(folder, 'profile')).href}`
  const args = ['--headless', profile, '--convert-to', CSV, '--outdir', folder, join(folder, 'book.xlsx')]
  const convert = async () => {
    const { status, stderr } = spawnSync('soffice', args, { encoding: 'utf8', timeout: 90_000 })
    return { status, stderr, csv: (await readdir(folder)).find((name) => name.endsWith('.csv')) }
  }
  // With a new profile it now and then ends before it has begun, and only has the profile made.
  const first = await convert()
  const { status, stderr, csv } = first.csv ? first : await convert()
  if (!csv) throw new Error(`LibreOffice could not open the file (${status}): ${stderr}`)
  return parseCsv(await readFile(join(folder, csv), 'utf8'))
}

/** Cells in rows; a quoted cell may hold commas, line ends and doubled quotes. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n|$)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  // The end of the text is matched once more, as an empty line.
  return rows.slice(0, -1)
}
