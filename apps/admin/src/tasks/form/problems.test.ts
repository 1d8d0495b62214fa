import { parseShanghai } from '@qimeng/contract/time'
import { expect, it } from 'vitest'
import type { Picture, TaskDraft } from './draft.ts'
import { newDraft, newLink, newPush, uploaded } from './draft.ts'
import { problemsOf } from './problems.ts'

const now = parseShanghai('2026-11-25 09:30')! + 20_000
const zhangsan = { userid: 'zhangsan', name: '张三', department: '', active: true }
const picture = (state: Picture['state']): Picture => ({
  ...uploaded({ id: state, width: 8, height: 8, thumb: '', full: '' }, 'a.png'),
  state,
  ...(state === 'ready' || state === 'gone' ? {} : { image: null }),
})
const good = (change: Partial<TaskDraft['pushes'][0]> = {}): TaskDraft => ({
  ...newDraft(),
  name: '双十一',
  executors: [zhangsan],
  pushes: [{ ...newPush(), name: '早', scheduledAt: parseShanghai('2026-11-25 09:30')!, text: '上新', ...change }],
})
const said = (draft: TaskDraft, most = 100) =>
  Object.fromEntries(problemsOf(draft, most, now).map(({ path, message }) => [path.join('.'), message]))

it('finds nothing wrong with a good draft; the current minute is not in the past', () => {
  expect(said(good())).toEqual({})
  expect(said(good({ scheduledAt: 'now' }))).toEqual({})
})

it('names everything an untouched form lacks, at once', () => {
  expect(said(newDraft())).toEqual({
    name: '请填写任务名称',
    executors: '请选择执行员工',
    'pushes.0.name': '请填写推送名称',
    'pushes.0.scheduledAt': '请选择推送时间',
    'pushes.0.text': '请填写推送内容或添加图片',
  })
})

it('refuses a minute that has passed, and more people than this installation allows', () => {
  expect(said(good({ scheduledAt: parseShanghai('2026-11-25 09:29')! }))).toEqual({
    'pushes.0.scheduledAt': '推送时间不能早于当前时间',
  })
  expect(said({ ...good(), executors: [zhangsan, { ...zhangsan, userid: 'lisi' }] }, 1)).toEqual({
    executors: '执行员工最多 1 人',
  })
})

it('wants a link whole, with text and without pictures', () => {
  const link = { ...newLink(), url: 'example.com' }
  expect(said(good({ link, text: '', pictures: [picture('ready')] }))).toEqual({
    'pushes.0.text': '带链接的推送需要填写推送内容',
    'pushes.0.link': '图片和链接不能同时添加',
    'pushes.0.link.url': '请填写以 http:// 或 https:// 开头、不含空格的链接地址',
    'pushes.0.link.title': '请填写链接标题',
  })
})

it('does not complain about a picture on its way, nor about the text it stands for', () => {
  expect(said(good({ text: '', pictures: [picture('uploading')] }))).toEqual({})
})

it.each([
  ['failed', '有图片没有上传成功，请重试或移除'],
  ['refused', '请移除不能使用的图片'],
  ['gone', '请移除不能使用的图片'],
] as const)('complains about a picture that is %s, and asks for no text beside it', (state, message) => {
  expect(said(good({ text: '', pictures: [picture(state)] }))).toEqual({ 'pushes.0.images': message })
})
