import * as XLSX from 'xlsx'
import { COLUMNS } from './columns.ts'

/** Everything of an .xlsx but its rows. */
export interface Frame {
  /** Path to content, of the files that are the same whatever the rows are. */
  files: Map<string, Uint8Array>
  /** Number of each column's style, or none. */
  styles: (string | undefined)[]
  /** The sheet's XML before its rows, and after them. */
  head: string
  tail: (rows: number, links: string) => string
  workbook: (rows: number) => string
}

export const SHEET = 'xl/worksheets/sheet1.xml'
export const STRINGS = 'xl/sharedStrings.xml'
export const WORKBOOK = 'xl/workbook.xml'

const lastCell = (rows: number) => XLSX.utils.encode_cell({ r: rows, c: COLUMNS.length - 1 })
const LAST = lastCell(1)
const LAST_ABSOLUTE = absolute(LAST)

/**
 * SheetJS makes a file of one row with every format that ours has; styles, theme, column widths and what holds the parts
 * together come from there. Its rows are not used: making 600,000 objects of cells first took longer than all the rest.
 */
export function makeFrame(): Frame {
  const header = COLUMNS.map(({ title }): XLSX.CellObject => ({ t: 's', v: title }))
  const formats = COLUMNS.map(({ format }): XLSX.CellObject => ({ t: 'n', v: 0, ...(format && { z: format }) }))
  const sheet: XLSX.WorkSheet & { '!data': XLSX.CellObject[][] } = {
    '!data': [header, formats],
    '!ref': `A1:${LAST}`,
    '!cols': COLUMNS.map(({ width }) => ({ wch: width })),
    '!autofilter': { ref: `A1:${LAST}` },
  }
  const file = XLSX.write(XLSX.utils.book_new(sheet, '执行明细'), {
    ...{ type: 'buffer', bookType: 'xlsx', bookSST: true },
  } as XLSX.WritingOptions) as Uint8Array
  const files = unpack(file)
  const xml = take(files, SHEET)
  const [head = '', rest = ''] = xml.split('<sheetData>')
  const [rows = '', tail = ''] = rest.split('</sheetData>')
  const workbook = take(files, WORKBOOK)
  take(files, STRINGS)
  return {
    files,
    styles: COLUMNS.map((_, at) => styleOf(rows, XLSX.utils.encode_cell({ r: 1, c: at }))),
    head: `${freezeHeader(head)}<sheetData>`,
    tail: (count, links) => `</sheetData>${withLinks(tail, links).replaceAll(LAST, lastCell(count))}`,
    workbook: (count) => replaceOnce(workbook, LAST_ABSOLUTE, absolute(lastCell(count))),
  }
}

function absolute(cell: string) {
  return cell.replace(/([A-Z]+)(\d+)/, '$$$1$$$2')
}

function unpack(file: Uint8Array): Map<string, Uint8Array> {
  const { FileIndex, FullPaths } = XLSX.CFB.read(file, { type: 'buffer' }) as Container
  const files = new Map<string, Uint8Array>()
  for (const [at, fullPath] of FullPaths.entries()) {
    const path = fullPath.replace(/^Root Entry\//, '')
    const { content } = FileIndex[at]!
    // Folders, and the mark that SheetJS leaves for itself alone.
    if (path !== '' && !path.endsWith('/') && !path.startsWith('\u0001') && content) files.set(path, content)
  }
  return files
}

/** What SheetJS reads out of a ZIP, which its types leave open. */
interface Container {
  FullPaths: string[]
  FileIndex: { content?: Uint8Array }[]
}

function take(files: Map<string, Uint8Array>, path: string): string {
  const content = files.get(path)
  if (!content) throw new Error(`SheetJS writes no ${path} any more`)
  files.delete(path)
  return Buffer.from(content).toString()
}

const styleOf = (rows: string, cell: string) => new RegExp(`<c r="${cell}" s="(\\d+)"`).exec(rows)?.[1]

/** SheetJS writes no pane. How many rows there are is not known yet where its head says it, and need not be said. */
const freezeHeader = (head: string) =>
  replaceOnce(replaceOnce(head, `<dimension ref="A1:${LAST}"/>`, ''), /<sheetView workbookViewId="0"\s*\/>/, FROZEN)
const FROZEN =
  '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'

/** Their place is before the errors to ignore. */
const withLinks = (tail: string, links: string) => replaceOnce(tail, '<ignoredErrors>', `${links}<ignoredErrors>`)

function replaceOnce(text: string, part: string | RegExp, by: string): string {
  if (typeof part === 'string' ? !text.includes(part) : !part.test(text))
    throw new Error(`SheetJS writes its files in another way now: there is no ${String(part)}`)
  return text.replace(part, () => by)
}
