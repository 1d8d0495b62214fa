import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import {
  id,
  ImageView,
  instant,
  keyword,
  LinkView,
  Nothing,
  page,
  paging,
  PersonRef,
  PushState,
  queryNumber,
  SendScope,
  TaskState,
  text,
  userid,
} from './fields.ts'
import { LIMITS } from './limits.ts'
import { RATES } from './rates.ts'
import { HOUR, MINUTE, startOfMinute } from './time.ts'

const isHttpUrl = (value: string) => {
  // URL itself would drop line breaks and tabs in silence.
  if (!/^https?:\/\/\S+$/i.test(value) || !URL.canParse(value)) return false
  const { username, password } = new URL(value)
  return username === '' && password === ''
}

export const LinkUrl = z
  .string({ error: '请填写链接地址' })
  .trim()
  .min(1, '请填写链接地址')
  .max(LIMITS.linkUrl, '链接地址太长了')
  .refine((value) => value === '' || isHttpUrl(value), '请填写以 http:// 或 https:// 开头、不含空格的链接地址')
  // As every browser will ask for it, e.g. with its host in Punycode.
  .transform((value) => (URL.canParse(value) ? new URL(value).href : value))
  .pipe(z.string().max(LIMITS.linkUrl, '链接地址太长了'))

export const NewLink = z.object({
  url: LinkUrl,
  title: text('链接标题', LIMITS.linkTitle),
  description: text('链接描述', LIMITS.linkDescription, {
    required: false,
    utf16: LIMITS.utf16LinkDescription,
  }).default(''),
  coverId: id.nullable().default(null),
})

interface Content {
  text: string
  images: string[]
  link: object | null
}

/**
 * A rule across fields. It is checked as soon as those fields can be read, even while another field (a name, say) is
 * wrong, so that a form shows everything at once.
 */
const rule = (path: keyof Content, message: string) => ({
  path: [path],
  message,
  when: ({ value }: { value: unknown }) => {
    // A push can be anything at this point, also null.
    const { text, images, link } = (value ?? {}) as Partial<Content>
    return typeof text === 'string' && Array.isArray(images) && link !== undefined
  },
})

export const NewPush = z
  .object({
    name: text('推送名称', LIMITS.pushName),
    scheduledAt: z
      .int({ error: '请选择推送时间' })
      .min(0, '请选择推送时间')
      .max(8.64e15, '请选择推送时间')
      .refine((at) => at % MINUTE === 0, '推送时间精确到分钟'),
    text: text('推送内容', LIMITS.pushText, { required: false, lines: true, utf16: LIMITS.utf16Text }),
    images: z
      .array(id)
      .max(LIMITS.images, `图片最多 ${LIMITS.images} 张`)
      .refine((ids) => new Set(ids).size === ids.length, '图片重复了'),
    link: NewLink.nullable(),
  })
  // PRODUCT.md 2, "Valid content": text · text + images · images alone · text + link.
  .refine(({ link, images }) => !link || images.length === 0, rule('link', '图片和链接不能同时添加'))
  .refine(({ link, text }) => !link || text !== '', rule('text', '带链接的推送需要填写推送内容'))
  .refine(
    ({ link, images, text }) => link || images.length > 0 || text !== '',
    rule('text', '请填写推送内容或添加图片'),
  )

/**
 * A task as the form sends it.
 * @param maxExecutors this installation's ceiling (see the console session's `limits`)
 */
export const newTask = (maxExecutors: number) =>
  z.object({
    name: text('任务名称', LIMITS.taskName),
    executors: z
      .array(userid)
      .min(1, '请选择执行员工')
      .max(maxExecutors, `执行员工最多 ${maxExecutors} 人`)
      .refine((ids) => new Set(ids).size === ids.length, '执行员工重复了'),
    sendScope: SendScope,
    hint: text('提示员工', LIMITS.hint, { required: false }),
    pushes: z.array(NewPush).min(1, '请至少添加一个推送').max(LIMITS.pushes, `推送最多 ${LIMITS.pushes} 个`),
  })

/** The server checks against the highest ceiling first, then against its own (tasks/tasks.ts). */
export const NewTask = newTask(LIMITS.executorsCeiling)
export type NewTask = z.output<typeof NewTask>
export type NewPush = z.output<typeof NewPush>

/**
 * A task as it shall become, with the `version` of the form it began from: of two administrators who edit the same task
 * the second is told (`stale`) instead of winning unawares.
 */
export const ChangedTask = NewTask.extend({ version: z.int() })
export type ChangedTask = z.output<typeof ChangedTask>

/** A push further ahead is a slip of the year (ms): 5 years of 366 days. */
const FURTHEST = 5 * 366 * 24 * HOUR

/**
 * 推送时间 not earlier than now; the current minute counts as now (PRODUCT.md 2). Nor more than 5 years ahead.
 * @returns the message for the field, or undefined
 */
export function pushTimeProblem(scheduledAt: number, now: number): string | undefined {
  if (scheduledAt < startOfMinute(now)) return '推送时间不能早于当前时间'
  return scheduledAt > now + FURTHEST ? '推送时间不能晚于 5 年后' : undefined
}

export const PushView = z.object({
  id,
  name: z.string(),
  scheduledAt: instant,
  state: PushState,
  issuedAt: instant.nullable(),
  late: z.boolean(),
  text: z.string(),
  images: z.array(ImageView),
  link: LinkView.nullable(),
  pending: z.int(),
  done: z.int(),
  cards: z.object({ sending: z.int(), delivered: z.int(), failed: z.int(), unknown: z.int() }),
  reminderRounds: z.int(),
})
export type PushView = z.output<typeof PushView>

export const TaskView = z.object({
  id,
  name: z.string(),
  sendScope: SendScope,
  hint: z.string(),
  createdBy: PersonRef,
  createdAt: instant,
  state: TaskState,
  /** True until the first push is issued (下达前可编辑). */
  editable: z.boolean(),
  executors: z.int(),
  /** Planned executors who had left before the issue and got no execution. */
  left: z.array(PersonRef),
  pushes: z.array(PushView),
})
export type TaskView = z.output<typeof TaskView>

export const TaskRow = z.object({
  id,
  name: z.string(),
  sendScope: SendScope,
  createdBy: PersonRef,
  createdAt: instant,
  state: TaskState,
  editable: z.boolean(),
  executors: z.int(),
  pushes: z.object({ issued: z.int(), total: z.int(), nextAt: instant.nullable() }),
  /** Of issued pushes: 完成率 = done ÷ executions. */
  done: z.int(),
  executions: z.int(),
})
export type TaskRow = z.output<typeof TaskRow>

/** A task as the form needs it back: what was typed, with names and pictures to show. */
export const TaskForm = z.object({
  id,
  version: z.int(),
  name: z.string(),
  sendScope: SendScope,
  hint: z.string(),
  executors: z.array(PersonRef),
  editable: z.boolean(),
  pushes: z.array(
    z.object({
      name: z.string(),
      scheduledAt: instant,
      text: z.string(),
      images: z.array(ImageView),
      link: LinkView.nullable(),
    }),
  ),
})
export type TaskForm = z.output<typeof TaskForm>

export const taskApi = {
  list: endpoint({
    method: 'GET',
    path: '/api/console/tasks',
    for: 'admin',
    summary: 'Tasks, newest first, with counts',
    query: z.object({
      keyword,
      state: TaskState.optional(),
      scope: SendScope.optional(),
      createdFrom: z.coerce.number().pipe(instant).optional(),
      createdTo: z.coerce.number().pipe(instant).optional(),
      sort: z.enum(['newest', 'oldest']).default('newest'),
      ...paging,
    }),
    rate: RATES.search,
    reply: page(TaskRow),
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/console/tasks',
    for: 'admin',
    summary: 'Create a task; its pushes are scheduled in the same transaction',
    body: NewTask,
    idempotent: true,
    reply: z.object({ id }),
  }),
  view: endpoint({
    method: 'GET',
    path: '/api/console/tasks/:taskId',
    for: 'admin',
    summary: 'One task with its pushes and counts',
    reply: TaskView,
  }),
  form: endpoint({
    method: 'GET',
    path: '/api/console/tasks/:taskId/form',
    for: 'admin',
    summary: 'One task as the form needs it, for editing or copying',
    reply: TaskForm,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/console/tasks/:taskId',
    for: 'admin',
    summary: 'Replace a task; refused with 409 once a push is issued, or when somebody else has changed it (stale)',
    body: ChangedTask,
    reply: z.object({ id }),
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/api/console/tasks/:taskId',
    for: 'admin',
    summary: 'Delete a task: pushes not yet sent are never sent, proofs stay on record',
    reply: Nothing,
  }),
  executors: endpoint({
    method: 'GET',
    path: '/api/console/tasks/:taskId/executors',
    for: 'admin',
    summary: 'The planned executors, before the issue',
    query: z.object({ keyword, departmentId: queryNumber.optional(), ...paging }),
    reply: page(PersonRef),
  }),
}
