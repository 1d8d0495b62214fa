import { describe, expect, it } from 'vitest'
import { LIMITS } from './limits.ts'
import { newTask, pushTimeProblem } from './tasks.ts'

const NOON = Date.UTC(2026, 10, 23, 4, 0)
const aPush = (change: object = {}) => ({
  name: '新品',
  scheduledAt: NOON,
  text: '你好',
  images: [],
  link: null,
  ...change,
})
const aTask = (change: object = {}) => ({
  name: '双十二',
  executors: ['zhangsan'],
  sendScope: 'wechat',
  hint: '请发表到微信朋友圈',
  pushes: [aPush()],
  ...change,
})
const aLink = (change: object = {}) => ({ url: 'https://shop.example.com/a', title: '新品', ...change })

const messagesOf = (task: object) => {
  const result = newTask(LIMITS.executors).safeParse(task)
  return Object.fromEntries(
    result.success ? [] : result.error.issues.map((issue) => [issue.path.join('.'), issue.message]),
  )
}
const people = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`)

describe('PRODUCT.md 2: a task', () => {
  it('is accepted within the rules, names trimmed', () => {
    expect(newTask(100).parse(aTask({ name: '  双十二  ' })).name).toBe('双十二')
  })

  it.each([
    ['任务名称 is needed', { name: '  ' }, { name: '请填写任务名称' }],
    ['任务名称 has at most 30 characters', { name: '长'.repeat(31) }, { name: '任务名称最多 30 个字' }],
    ['an endless grapheme is refused', { name: 'e' + '\u0301'.repeat(300) }, { name: '任务名称太长了' }],
    ['执行范围 is needed', { executors: [] }, { executors: '请选择执行员工' }],
    ['执行范围 is at most 100', { executors: people(101) }, { executors: '执行员工最多 100 人' }],
    ['执行范围 holds each once', { executors: ['a', 'a'] }, { executors: '执行员工重复了' }],
    ['发送范围 is one of three', { sendScope: 'qq' }, { sendScope: '请选择发送范围' }],
    ['提示员工 has at most 50 characters', { hint: '提'.repeat(51) }, { hint: '提示员工最多 50 个字' }],
    ['a push is needed', { pushes: [] }, { pushes: '请至少添加一个推送' }],
    ['at most 5 pushes', { pushes: Array.from({ length: 6 }, () => aPush()) }, { pushes: '推送最多 5 个' }],
  ])('%s', (_, change, messages) => {
    expect(messagesOf(aTask(change))).toEqual(messages)
  })

  it.each([
    ['推送名称 is needed', { name: '' }, { name: '请填写推送名称' }],
    ['推送内容 has at most 200 characters', { text: '字'.repeat(201) }, { text: '推送内容最多 200 个字' }],
    ['推送时间 is needed', { scheduledAt: undefined }, { scheduledAt: '请选择推送时间' }],
    ['推送时间 is a whole minute', { scheduledAt: NOON + 1000 }, { scheduledAt: '推送时间精确到分钟' }],
    ['图片 at most 9', { images: people(10) }, { images: '图片最多 9 张' }],
    ['nothing at all is refused', { text: '' }, { text: '请填写推送内容或添加图片' }],
    ['a link needs text', { text: '', link: aLink() }, { text: '带链接的推送需要填写推送内容' }],
    ['images and link never together', { images: ['i1'], link: aLink() }, { link: '图片和链接不能同时添加' }],
    [
      'a link is http(s)',
      { link: aLink({ url: 'javascript:alert(1)' }) },
      { 'link.url': '请填写以 http:// 或 https:// 开头、不含空格的链接地址' },
    ],
    [
      'a link holds no white space',
      { link: aLink({ url: 'https://shop.example.com/\n a' }) },
      { 'link.url': '请填写以 http:// 或 https:// 开头、不含空格的链接地址' },
    ],
    ['推送名称 holds something to see', { name: '\u200b\u3164' }, { name: '请填写推送名称' }],
    ['推送内容 holds something to see', { text: '\u2060' }, { text: '请填写推送内容或添加图片' }],
    ['a link has a title', { link: aLink({ title: '' }) }, { 'link.title': '请填写链接标题' }],
  ])('push: %s', (_, change, messages) => {
    const expected = Object.fromEntries(
      Object.entries(messages).map(([path, message]) => [`pushes.0.${path}`, message]),
    )
    expect(messagesOf(aTask({ pushes: [aPush(change)] }))).toEqual(expected)
  })

  it.each([
    ['text alone', {}],
    ['200 emoji and WeChat codes', { text: '👨‍👩‍👧‍👦'.repeat(50) + '[微笑]'.repeat(150) }],
    ['text and images', { images: ['a', 'b'] }],
    ['images alone', { text: '', images: ['a'] }],
    ['text and link', { link: aLink() }],
  ])('push: %s is valid content', (_, change) => {
    expect(messagesOf(aTask({ pushes: [aPush(change)] }))).toEqual({})
  })

  it('shows everything that is wrong at once', () => {
    expect(messagesOf(aTask({ name: '', pushes: [aPush({ name: '', text: '' })] }))).toEqual({
      name: '请填写任务名称',
      'pushes.0.name': '请填写推送名称',
      'pushes.0.text': '请填写推送内容或添加图片',
    })
  })

  it('is stored as it is seen: one line for names, several for 推送内容, a link as browsers ask for it', () => {
    const task = newTask(100).parse(
      aTask({
        name: '双\n十\u202e二',
        pushes: [aPush({ text: '一\r\n二\u200b', link: aLink({ url: ' HTTPS://商店.example.com/新品 ' }) })],
      }),
    )
    expect(task.name).toBe('双 十二')
    expect(task.pushes[0]).toMatchObject({
      text: '一\n二',
      link: { url: 'https://xn--czrs0t.example.com/%E6%96%B0%E5%93%81' },
    })
  })

  it('a push that is none at all is refused like any other', () => {
    for (const push of [null, undefined, 1, 'x', [], {}]) {
      expect(newTask(100).safeParse(aTask({ pushes: [push] })).success).toBe(false)
    }
  })

  it('推送时间: not further ahead than 5 years', () => {
    const year = 365 * 24 * 3_600_000
    expect(pushTimeProblem(NOON + 5 * year, NOON)).toBeUndefined()
    expect(pushTimeProblem(NOON + 6 * year, NOON)).toBe('推送时间不能晚于 5 年后')
  })

  it('推送时间: the current minute counts as not earlier', () => {
    expect(pushTimeProblem(NOON, NOON + 59_999)).toBeUndefined()
    expect(pushTimeProblem(NOON, NOON + 60_000)).toBe('推送时间不能早于当前时间')
  })
})
