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
  /** The screenshots were older than they are kept. */
  proofErased: boolean
}

export interface Column {
  title: string
  /** Width in characters. */
  width: number
  /** Null leaves the cell empty. */
  value: (row: WorkbookRow) => string | number | null
  /** Of Excel; '@' is text. */
  format?: string
  /** Many rows have the same here, and share what was made of it. */
  repeats?: boolean
  link?: (row: WorkbookRow) => string | null
}

/** Always typed as text, so that a name beginning with = + - @ stays a name and never becomes a formula. */
const TEXT = '@'

export const COLUMNS: Column[] = [
  { title: '任务名称', width: 28, value: (row) => row.taskName, format: TEXT, repeats: true },
  { title: '推送名称', width: 24, value: (row) => row.pushName, format: TEXT, repeats: true },
  { title: '推送时间', width: 17, value: (row) => day(row.scheduledAt), format: 'yyyy-mm-dd hh:mm', repeats: true },
  { title: '员工姓名', width: 16, value: (row) => row.name, format: TEXT },
  { title: '账号', width: 18, value: (row) => row.userid, format: TEXT },
  { title: '部门', width: 34, value: (row) => row.department, format: TEXT, repeats: true },
  { title: '状态', width: 9, value: (row) => row.state, format: TEXT, repeats: true },
  { title: '送达', width: 30, value: (row) => row.card, format: TEXT, repeats: true },
  { title: '完成时间', width: 20, value: (row) => day(row.executedAt), format: 'yyyy-mm-dd hh:mm:ss' },
  { title: '提醒次数', width: 9, value: (row) => row.reminders, repeats: true },
  { title: '凭证数', width: 8, value: (row) => row.proofImages, repeats: true },
  {
    title: '凭证',
    width: 12,
    value: (row) => (row.proofErased ? '截图已清除' : row.proofUrl && '查看凭证'),
    repeats: true,
    link: (row) => row.proofUrl,
  },
]

const SHANGHAI = 8 * 3_600_000
const DAY = 86_400_000
const SECOND = 1000
/** Days between Excel's day zero and 1 January 1970. */
const EXCEL_EPOCH = 25_569

/**
 * Excel's dates have no zone: this is the wall clock of Shanghai, wherever the file is opened. Whole seconds, because
 * spreadsheets round: half a second before midnight would be the next day.
 */
function day(at: number | null): number | null {
  if (at === null) return null
  const wholeSeconds = Math.floor(at / SECOND) * SECOND
  return (wholeSeconds + SHANGHAI) / DAY + EXCEL_EPOCH
}
