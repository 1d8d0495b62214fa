import * as XLSX from 'xlsx'
import { ZipWriter } from './zip.ts'

/** One row of the file (PRODUCT.md 3.5). Times are epoch milliseconds, shown as real dates in Asia/Shanghai. */
export interface WorkbookRow {
  taskName: string
  pushName: string
  scheduledAt: number
  name: string
  userid: string
  department: string
  state: string
  card: string
  executedAt: number | null
  reminders: number
  proofImages: number
  /** Page of the console that shows the proofs, or null without proofs. */
  proofUrl: string | null
}

interface Column {
  title: string
  /** Width in characters. */
  width: number
  cell: (row: WorkbookRow, index: number) => XLSX.CellObject
  /** Many rows have the same of this, from which alone the cell is made. */
  same?: keyof WorkbookRow
}

const COLUMNS: Column[] = [
  { title: '任务名称', width: 28, cell: (row) => text(row.taskName), same: 'taskName' },
  { title: '推送名称', width: 24, cell: (row) => text(row.pushName), same: 'pushName' },
  { title: '推送时间', width: 17, cell: (row) => date(row.scheduledAt, 'yyyy-mm-dd hh:mm'), same: 'scheduledAt' },
  { title: '员工姓名', width: 16, cell: (row) => text(row.name) },
  { title: '账号', width: 18, cell: (row) => text(row.userid) },
  { title: '部门', width: 34, cell: (row) => text(row.department), same: 'department' },
  { title: '状态', width: 9, cell: (row) => text(row.state), same: 'state' },
  { title: '送达', width: 30, cell: (row) => text(row.card), same: 'card' },
  { title: '完成时间', width: 20, cell: (row) => date(row.executedAt, 'yyyy-mm-dd hh:mm:ss') },
  { title: '提醒次数', width: 9, cell: (row) => ({ t: 'n', v: row.reminders }), same: 'reminders' },
  { title: '凭证数', width: 8, cell: (row) => ({ t: 'n', v: row.proofImages }), same: 'proofImages' },
  { title: '凭证', width: 12, cell: (row, index) => link(row.proofUrl, index) },
]

// XML 1.0 cannot hold these at all; Excel calls a file with one of them damaged.
// eslint-disable-next-line no-control-regex
const FORBIDDEN_IN_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g

/** Always typed as text, so that a name beginning with = + - @ stays a name and never becomes a formula. */
const text = (value: string): XLSX.CellObject => ({
  t: 's',
  v: value.toWellFormed().replace(FORBIDDEN_IN_XML, ''),
  z: '@',
})

const SHANGHAI = 8 * 3_600_000
const DAY = 86_400_000
const SECOND = 1000
/** Days between Excel's day zero and 1 January 1970. */
const EXCEL_EPOCH = 25_569

/**
 * Excel's dates have no zone: this is the wall clock of Shanghai, wherever the file is opened. Whole seconds, because
 * spreadsheets round: half a second before midnight would be the next day.
 */
const date = (at: number | null, format: string): XLSX.CellObject => {
  if (at === null) return { t: 's', v: '' }
  const wholeSeconds = Math.floor(at / SECOND) * SECOND
  return { t: 'n', v: (wholeSeconds + SHANGHAI) / DAY + EXCEL_EPOCH, z: format }
}

/** Excel calls a sheet with more links than this damaged, and drops them all. */
const MOST_LINKS = 65_530

const link = (url: string | null, rowsAbove: number): XLSX.CellObject => {
  if (url === null) return { t: 's', v: '' }
  if (rowsAbove >= MOST_LINKS) return text(url)
  return { t: 's', v: '查看凭证', l: { Target: url, Tooltip: '登录管理后台后可查看' } }
}

type Columns = (row: WorkbookRow, index: number) => XLSX.CellObject[]

/** A value that many rows have is one cell: half as many objects, of which there are twelve in a row. */
function cellsOf(): Columns {
  const known = COLUMNS.map(() => new Map<unknown, XLSX.CellObject>())
  return (row, index) =>
    COLUMNS.map(({ same, cell }, at) => {
      if (!same) return cell(row, index)
      const value = row[same]
      const found = known[at]!.get(value) ?? cell(row, index)
      known[at]!.set(value, found)
      return found
    })
}

/** The whole .xlsx as bytes. Blocks its thread while it works: call it from export-thread.ts. */
export function writeWorkbook(rows: WorkbookRow[]): Uint8Array {
  const header = COLUMNS.map(({ title }): XLSX.CellObject => ({ t: 's', v: title }))
  const cells = cellsOf()
  const sheet: XLSX.WorkSheet & { '!data': XLSX.CellObject[][] } = {
    '!data': [header, ...rows.map(cells)],
    '!ref': XLSX.utils.encode_range({ s: { r: 0, c: 0 }, e: { r: rows.length, c: COLUMNS.length - 1 } }),
    '!cols': COLUMNS.map(({ width }) => ({ wch: width })),
    '!autofilter': {
      ref: XLSX.utils.encode_range({ s: { r: 0, c: 0 }, e: { r: rows.length, c: COLUMNS.length - 1 } }),
    },
  }
  const workbook = XLSX.utils.book_new(sheet, '执行明细')
  // Not compressed yet: the header is still to be frozen, and zlib is faster at it.
  return compressed(XLSX.write(workbook, { type: 'buffer', bookType: 'xlsx', bookSST: true }) as Uint8Array)
}

const SHEET = 'xl/worksheets/sheet1.xml'

function compressed(file: Uint8Array): Uint8Array {
  const { FileIndex, FullPaths } = XLSX.CFB.read(file, { type: 'buffer' }) as Container
  const zip = new ZipWriter()
  const pieces = FullPaths.flatMap((fullPath, at) => {
    const path = fullPath.replace(/^Root Entry\//, '')
    const { content } = FileIndex[at]!
    // Folders, and the mark that SheetJS leaves for itself alone.
    if (path === '' || path.endsWith('/') || path.startsWith('\u0001') || !content) return []
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.length)
    return zip.add(path, path === SHEET ? freezeHeader(bytes) : bytes, { deflate: true })
  })
  return Buffer.concat([...pieces, ...zip.end()])
}

/** What SheetJS reads out of a ZIP, which its types leave open. */
interface Container {
  FullPaths: string[]
  FileIndex: { content?: Uint8Array }[]
}

const FROZEN_HEADER =
  '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
/** The sheet view stands before the rows; looking further costs time, and would find nothing. */
const HEAD = 2000

/** SheetJS writes no pane, so the sheet's XML gets it afterwards. */
function freezeHeader(sheet: Buffer): Buffer {
  const head = sheet.toString('latin1', 0, HEAD)
  const view = /<sheetView workbookViewId="0"\s*(\/>|>\s*<\/sheetView>)/.exec(head)
  if (!view) throw new Error('SheetJS writes its sheet view in another way now: the header would not be frozen')
  return Buffer.concat([
    sheet.subarray(0, view.index),
    Buffer.from(FROZEN_HEADER),
    sheet.subarray(view.index + view[0].length),
  ])
}
