import type { Locator } from '@playwright/test'
import { formatShanghai, MINUTE, type NewTask } from '@qimeng/contract'
import { aLink, aPush, aTask, thisMinute } from './tasks.ts'
import type { TaskForm } from './task-form.ts'

/** One rule of PRODUCT.md 2, broken: by typing where the form lets one, and always by sending. */
export interface Violation {
  rule: string
  sent: () => NewTask
  /** Path of the field in what is sent. */
  path: string
  message: string
  /** Breaks the rule in a form that is otherwise right, and says where the message must stand. Absent: the form cannot. */
  typed?: (form: TaskForm) => Promise<Locator>
}

const push = (change: Parameters<typeof aPush>[0]) => aTask({ pushes: [aPush(change)] })
/** One character to a person's eye, endless to a computer: a letter under 2,000 accents. */
const ENDLESS = `e${'\u0301'.repeat(2000)}`

const typedInto = (field: (form: TaskForm) => Locator, value: string) => async (form: TaskForm) => {
  await field(form).fill(value)
  return field(form)
}
const NAME = (form: TaskForm) => form.name
const HINT = (form: TaskForm) => form.hint
const PUSH_NAME = (form: TaskForm) => form.push(1).name
const TEXT = (form: TaskForm) => form.push(1).text

export const VIOLATIONS: Violation[] = [
  {
    rule: 'a task needs a name',
    sent: () => aTask({ name: '  ' }),
    path: 'name',
    message: '请填写任务名称',
    typed: typedInto(NAME, '  '),
  },
  {
    rule: 'a task name has 30 characters at most, an emoji code being one',
    sent: () => aTask({ name: '新'.repeat(30) + '[微笑]' }),
    path: 'name',
    message: '任务名称最多 30 个字',
    typed: typedInto(NAME, '新'.repeat(30) + '[微笑]'),
  },
  {
    rule: 'a task name is not endless',
    sent: () => aTask({ name: ENDLESS }),
    path: 'name',
    message: '任务名称太长了',
    typed: typedInto(NAME, ENDLESS),
  },
  {
    rule: 'a task needs executors',
    sent: () => aTask({ executors: [] }),
    path: 'executors',
    message: '请选择执行员工',
    async typed(form) {
      await form.executors.getByRole('button', { name: '移除张三' }).click()
      return form.executors
    },
  },
  {
    rule: 'a task has 100 executors at most',
    sent: () => aTask({ executors: Array.from({ length: 101 }, (_, index) => `nobody-${index}`) }),
    path: 'executors',
    message: '执行员工最多 100 人',
  },
  {
    rule: 'an executor is an employee in the visible range',
    sent: () => aTask({ executors: ['zhangsan', 'guwen-01'] }),
    path: 'executors',
    message: 'guwen-01已离职或不在应用可见范围内，请移除',
  },
  {
    rule: 'a hint has 50 characters at most',
    sent: () => aTask({ hint: '快'.repeat(51) }),
    path: 'hint',
    message: '提示员工最多 50 个字',
    typed: typedInto(HINT, '快'.repeat(51)),
  },
  {
    rule: 'a scope is one of the three',
    sent: () => ({ ...aTask(), sendScope: 'weibo' as never }),
    path: 'sendScope',
    message: '请选择发送范围',
  },
  {
    rule: 'a task has a push',
    sent: () => aTask({ pushes: [] }),
    path: 'pushes',
    message: '请至少添加一个推送',
  },
  {
    rule: 'a task has 5 pushes at most',
    sent: () => aTask({ pushes: Array.from({ length: 6 }, () => aPush()) }),
    path: 'pushes',
    message: '推送最多 5 个',
  },
  {
    rule: 'a push needs a name',
    sent: () => push({ name: '' }),
    path: 'pushes.0.name',
    message: '请填写推送名称',
    typed: typedInto(PUSH_NAME, ''),
  },
  {
    rule: 'a push name has 30 characters at most',
    sent: () => push({ name: '早'.repeat(31) }),
    path: 'pushes.0.name',
    message: '推送名称最多 30 个字',
    typed: typedInto(PUSH_NAME, '早'.repeat(31)),
  },
  {
    rule: 'a push is not due in the past',
    sent: () => push({ scheduledAt: thisMinute() - MINUTE }),
    path: 'pushes.0.scheduledAt',
    message: '推送时间不能早于当前时间',
    async typed(form) {
      await form.push(1).setTime(formatShanghai(thisMinute() - MINUTE))
      return form.push(1).time
    },
  },
  {
    rule: 'a push is due at a whole minute',
    sent: () => push({ scheduledAt: thisMinute() + MINUTE + 1 }),
    path: 'pushes.0.scheduledAt',
    message: '推送时间精确到分钟',
  },
  {
    rule: 'a text has 200 characters at most',
    sent: () => push({ text: '👨‍👩‍👧‍👦[微笑]'.repeat(100) + '好' }),
    path: 'pushes.0.text',
    message: '推送内容最多 200 个字',
    typed: typedInto(TEXT, '👨‍👩‍👧‍👦[微笑]'.repeat(100) + '好'),
  },
  {
    rule: 'a text is not endless',
    sent: () => push({ text: ENDLESS }),
    path: 'pushes.0.text',
    message: '推送内容太长了',
    typed: typedInto(TEXT, ENDLESS),
  },
  {
    rule: 'a push has content',
    sent: () => push({ text: ' \n ' }),
    path: 'pushes.0.text',
    message: '请填写推送内容或添加图片',
    typed: typedInto(TEXT, ' \n '),
  },
  {
    rule: 'a push has 9 pictures at most',
    sent: () => push({ images: Array.from({ length: 10 }, (_, index) => `picture-${index}`) }),
    path: 'pushes.0.images',
    message: '图片最多 9 张',
  },
  {
    rule: 'pictures and a link do not go together',
    sent: () => push({ images: ['a-picture'], link: aLink() }),
    path: 'pushes.0.link',
    message: '图片和链接不能同时添加',
  },
  {
    rule: 'a link needs text',
    sent: () => push({ text: '', link: aLink() }),
    path: 'pushes.0.text',
    message: '带链接的推送需要填写推送内容',
    async typed(form) {
      await form.push(1).addLink(aLink())
      await form.push(1).text.fill('')
      return form.push(1).text
    },
  },
  {
    rule: 'a link has an address of the web',
    sent: () => push({ link: aLink({ url: 'javascript:alert(1)' }) }),
    path: 'pushes.0.link.url',
    message: '请填写以 http:// 或 https:// 开头、不含空格的链接地址',
    async typed(form) {
      await form.push(1).addLink(aLink({ url: 'javascript:alert(1)' }))
      return form.push(1).link.getByLabel('链接地址')
    },
  },
  {
    rule: 'a link has a title',
    sent: () => push({ link: aLink({ title: '' }) }),
    path: 'pushes.0.link.title',
    message: '请填写链接标题',
    async typed(form) {
      await form.push(1).addLink(aLink({ title: '' }))
      return form.push(1).link.getByLabel('链接标题')
    },
  },
]
