import { z } from 'zod'
import { cleanText } from './clean.ts'
import { LIMITS } from './limits.ts'
import { countCharacters } from './text.ts'

/**
 * Text counted as people count it, trimmed and without what nobody sees.
 * @param label how the field is called on screen; part of the messages
 * @param max characters (graphemes)
 * @param options `lines`: it may have several
 */
export function text(
  label: string,
  max: number,
  { required = true, lines = false, utf16 = LIMITS.utf16Name as number } = {},
) {
  return z
    .string({ error: `请填写${label}` })
    .transform((value) => cleanText(value, { lines }))
    .pipe(
      z
        .string()
        .max(utf16, `${label}太长了`)
        .refine((value) => value.length > utf16 || countCharacters(value) <= max, `${label}最多 ${max} 个字`)
        .refine((value) => !required || value !== '', `请填写${label}`),
    )
}

/** PostgreSQL stores no zero byte and no half of a character, and no name of anything has a control character. */
// eslint-disable-next-line no-control-regex
const name = z.string().regex(/^[^\u0000-\u001f\u007f\ud800-\udfff]+$/u)
export const id = name.max(64)
export const userid = name.max(64)
/** What stands in a path, where an endpoint asks for nothing else. */
export const pathNames = z.record(z.string(), id)
/** A whole number from 1 in a path, written plainly: no "1.0", "1e3" or "01". */
export const ordinal = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, '请填写正整数')
  .transform(Number)
/** Epoch milliseconds. */
export const instant = z.int().min(0).max(8.64e15)

/** A number in a query, where everything is text. */
export const queryNumber = z.coerce.number().int()

/** Keyset paging: opaque cursors in both directions, so that a shared link shows the same page. */
export const paging = {
  cursor: z.string().max(500).optional(),
  limit: queryNumber.min(1).max(1000).default(20),
}

export function page<Row extends z.ZodType>(row: Row) {
  return z.object({
    rows: z.array(row),
    total: z.int(),
    totalIsLeast: z.literal(true).optional(),
    next: z.string().nullable(),
    previous: z.string().nullable(),
  })
}

export interface Page<Row> {
  rows: Row[]
  total: number
  /** There are more than `total`: counting ended there. */
  totalIsLeast?: true | undefined
  next: string | null
  previous: string | null
}

export const keyword = z
  .string()
  .transform((typed) => cleanText(typed))
  .pipe(z.string().max(LIMITS.keyword, `关键词最多 ${LIMITS.keyword} 个字`))
  .optional()

export const PersonRef = z.object({
  userid,
  name: z.string(),
  /** Full name of the main department, e.g. "华东大区/上海分公司"; empty when unknown. */
  department: z.string(),
  /** False for somebody who left the company or the app's visible range. */
  active: z.boolean(),
})
export type PersonRef = z.output<typeof PersonRef>

/** A picture as pages show it: signed links that need no cookie (WeCom's native viewer sends none). */
export const ImageView = z.object({
  id,
  width: z.int(),
  height: z.int(),
  thumb: z.string(),
  full: z.string(),
})
export type ImageView = z.output<typeof ImageView>

export const LinkView = z.object({
  url: z.string(),
  title: z.string(),
  description: z.string(),
  cover: ImageView.nullable(),
})
export type LinkView = z.output<typeof LinkView>

export const SendScope = z.enum(['wechat', 'wecom', 'all'], { error: '请选择发送范围' })
export const PushState = z.enum(['scheduled', 'issued', 'missed', 'cancelled'])
export const TaskState = z.enum(['not_started', 'running', 'finished'])
export const ExecutionState = z.enum(['pending', 'done'])
export const CardState = z.enum(['pending', 'delivered', 'failed', 'unknown'])

export const Nothing = z.object({})
