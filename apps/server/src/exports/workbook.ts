import { COLUMNS, type WorkbookRow } from './columns.ts'
import { Deflating } from './deflating.ts'
import { makeFrame, SHEET, STRINGS, WORKBOOK } from './frame.ts'
import { xml, xstring } from './xml.ts'
import { ZipWriter } from './zip.ts'

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/package/2006/relationships'
const HYPERLINK = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink'
const SHEET_LINKS = 'xl/worksheets/_rels/sheet1.xml.rels'
/** Excel calls a sheet with more links than this damaged, and drops them all. */
const MOST_LINKS = 65_530
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/**
 * Writes an .xlsx row by row: what is in memory of it is compressed already. Texts are in its table of strings, which every
 * program reads; frame.ts has the rest of the file.
 */
export class WorkbookWriter {
  /** Of the rows; the header is above them. */
  count = 0
  readonly #frame = makeFrame()
  readonly #sheet = new Deflating()
  readonly #strings = new Deflating()
  #stringCount = 0
  readonly #links = new Deflating()
  #linkPlaces = ''
  #linkCount = 0
  /** Of columns in which values repeat: what stands for a value in each row. */
  readonly #known = COLUMNS.map(() => new Map<string | number, string>())

  constructor() {
    this.#sheet.write(this.#frame.head)
    this.#strings.write(`${XML}<sst xmlns="${MAIN}">`)
    this.#links.write(`${XML}<Relationships xmlns="${RELATIONSHIPS}">`)
    const titles = COLUMNS.map(({ title }, at) => `<c r="${LETTERS[at]!}1" t="s"><v>${this.#string(title)}</v></c>`)
    this.#sheet.write(`<row r="1">${titles.join('')}</row>`)
  }

  add(row: WorkbookRow): void {
    this.count += 1
    const line = this.count + 1
    let cells = ''
    for (let at = 0; at < COLUMNS.length; at++) {
      const column = COLUMNS[at]!
      const value = column.value(row)
      if (value === null) continue
      const place = `${LETTERS[at]!}${line}`
      cells += `<c r="${place}"${column.repeats ? this.#knownCell(value, at) : this.#cell(value, at)}`
      const target = column.link?.(row)
      if (target && this.#linkCount < MOST_LINKS) this.#link(place, target)
    }
    this.#sheet.write(`<row r="${line}">${cells}</row>`)
  }

  async end(): Promise<Uint8Array<ArrayBuffer>> {
    const { files, tail, workbook } = this.#frame
    this.#sheet.write(tail(this.count, this.#linkPlaces && `<hyperlinks>${this.#linkPlaces}</hyperlinks>`))
    this.#strings.write('</sst>')
    this.#links.write('</Relationships>')
    const zip = new ZipWriter()
    const pieces = [...files].flatMap(([path, content]) => zip.add(path, content, { deflate: true }))
    pieces.push(
      ...zip.add(WORKBOOK, Buffer.from(workbook(this.count)), { deflate: true }),
      ...zip.addDeflated(STRINGS, await this.#strings.end()),
      ...zip.addDeflated(SHEET, await this.#sheet.end()),
    )
    if (this.#linkCount > 0) pieces.push(...zip.addDeflated(SHEET_LINKS, await this.#links.end()))
    return new Uint8Array(Buffer.concat([...pieces, ...zip.end()]))
  }

  #knownCell(value: string | number, at: number): string {
    const known = this.#known[at]!
    let cell = known.get(value)
    if (cell === undefined) known.set(value, (cell = this.#cell(value, at)))
    return cell
  }

  /** What follows the cell's place. */
  #cell(value: string | number, at: number): string {
    const style = this.#frame.styles[at]
    const styled = style === undefined ? '' : ` s="${style}"`
    return typeof value === 'number'
      ? `${styled}><v>${value}</v></c>`
      : `${styled} t="s"><v>${this.#string(value)}</v></c>`
  }

  /** @returns its number in the table */
  #string(text: string): number {
    this.#strings.write(`<si><t xml:space="preserve">${xstring(text)}</t></si>`)
    return this.#stringCount++
  }

  #link(place: string, target: string): void {
    const id = `rId${(this.#linkCount += 1)}`
    this.#linkPlaces += `<hyperlink ref="${place}" r:id="${id}" tooltip="登录管理后台后可查看"/>`
    this.#links.write(`<Relationship Id="${id}" Type="${HYPERLINK}" Target="${xml(target)}" TargetMode="External"/>`)
  }
}
