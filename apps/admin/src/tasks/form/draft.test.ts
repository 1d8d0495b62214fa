import { DEFAULT_HINT } from '@qimeng/contract/limits'
import { newTask } from '@qimeng/contract/tasks'
import { parseShanghai } from '@qimeng/contract/time'
import { expect, it } from 'vitest'
import {
  chooseScope,
  copyPush,
  draftOf,
  editHint,
  isBlank,
  newDraft,
  newLink,
  newPush,
  toBody,
  uploaded,
} from './draft.ts'

const now = parseShanghai('2026-11-25 09:30')!
const picture = (id: string) => uploaded({ id, width: 8, height: 8, thumb: '/t', full: '/f' }, `${id}.png`)

it('lets the hint follow the scope until it is edited by hand', () => {
  const draft = newDraft()
  expect(draft.hint).toBe('请发表到微信朋友圈')
  chooseScope(draft, 'wecom')
  expect(draft.hint).toBe('请发表到企业微信朋友圈')
  chooseScope(draft, 'all')
  expect(draft.hint).toBe('请发表到微信朋友圈和企业微信朋友圈')

  editHint(draft, '今天下班前发')
  chooseScope(draft, 'wechat')
  expect(draft.hint).toBe('今天下班前发')
})

it('lets an emptied hint follow again', () => {
  const draft = newDraft()
  editHint(draft, '今天下班前发')
  editHint(draft, ' ')
  chooseScope(draft, 'all')
  expect(draft.hint).toBe(DEFAULT_HINT.all)
})

it('makes a body that the contract accepts', () => {
  const draft = newDraft()
  draft.name = '双十一'
  draft.executors = [{ userid: 'zhangsan', name: '张三', department: '', active: true }]
  draft.pushes = [
    { ...newPush(), name: '早', scheduledAt: now, text: '上新啦[微笑]', pictures: [picture('a'), picture('b')] },
    {
      ...newPush(),
      name: '晚',
      scheduledAt: now,
      text: '看这里',
      link: { ...newLink(), url: 'https://example.com', title: '新品', cover: [picture('c')] },
    },
  ]
  const body = newTask(100).parse(toBody(draft, now))
  expect(body.pushes[0]).toMatchObject({ images: ['a', 'b'], link: null, text: '上新啦[微笑]' })
  expect(body.pushes[1]).toMatchObject({ images: [], link: { coverId: 'c' } })
})

it('means the minute of sending by 「现在」, and the next one when that is about to begin', () => {
  const draft = { ...newDraft(), pushes: [{ ...newPush(), scheduledAt: 'now' as const }] }
  expect(toBody(draft, now + 30_000).pushes[0]!.scheduledAt).toBe(now)
  expect(toBody(draft, now + 59_000).pushes[0]!.scheduledAt).toBe(now + 60_000)
})

it('copies a push with its uploaded pictures, under keys of their own', () => {
  const gone = { ...picture('c'), state: 'gone' as const }
  const push = { ...newPush(), name: '早', pictures: [picture('a'), { ...picture('b'), image: null }, gone] }
  const copy = copyPush(push)
  expect(copy.name).toBe('早')
  expect(copy.pictures.map((one) => one.image?.id)).toEqual(['a'])
  expect(copy.key).not.toBe(push.key)
  expect(copy.pictures[0]!.key).not.toBe(push.pictures[0]!.key)
})

it('takes a hint other than the default for edited when a task is edited', () => {
  const task = {
    id: 't',
    version: 1,
    name: '旧',
    sendScope: 'wecom' as const,
    executors: [],
    editable: true,
    pushes: [],
  }
  expect(draftOf({ ...task, hint: DEFAULT_HINT.wecom }).hintEdited).toBe(false)
  expect(draftOf({ ...task, hint: '随便' }).hintEdited).toBe(true)
})

it.each([{ name: '早' }, { text: '上新' }, { scheduledAt: 'now' as const }, { link: newLink() }])(
  'knows a push with %o from one that was only added',
  (typed) => {
    expect(isBlank({ ...newPush(), text: ' ' })).toBe(true)
    expect(isBlank({ ...newPush(), ...typed })).toBe(false)
  },
)
