import { ApiError } from '@qimeng/contract/client'
import { HOUR } from '@qimeng/contract/time'
import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { within, zhangsan } from '../../test/within.ts'
import type { Answers } from '../../test/within.ts'
import type { TaskDraft } from './draft.ts'
import { draftOf, newDraft, newPush, uploaded } from './draft.ts'
import { useTaskForm } from './useTaskForm.ts'

const CREATE = 'POST /api/console/tasks'
const RENEW = 'GET /api/console/images/:imageId'
const open = (answers: Answers = {}) => within(answers, () => useTaskForm(zhangsan))

function fillIn(draft: TaskDraft): void {
  draft.name = '双十一'
  draft.executors = [{ userid: 'lisi', name: '李四', department: '', active: true }]
  draft.pushes = [{ ...newPush(), name: '早', scheduledAt: 'now', text: '上新' }]
}

beforeEach(() => localStorage.clear())

it('says everything that is wrong at the first attempt, then follows the typing', async () => {
  const { result: form } = open()
  expect(form.complaint('name')).toBeUndefined()
  expect(await form.send()).toBeUndefined()
  expect(form.complaint('name')).toBe('请填写任务名称')
  form.draft.name = '双十一'
  expect(form.complaint('name')).toBeUndefined()
  expect(form.complaint('executors')).toBe('请选择执行员工')
})

it('makes one task of a double click', async () => {
  const create = vi.fn(async () => ({ id: 't1' }))
  const { result: form } = open({ [CREATE]: create })
  fillIn(form.draft)
  expect(await Promise.all([form.send(), form.send()])).toEqual(['t1', undefined])
  expect(create).toHaveBeenCalledTimes(1)
})

it('waits for pictures on their way, then sends', async () => {
  const create = vi.fn(async () => ({ id: 't1' }))
  const { result: form } = open({ [CREATE]: create })
  fillIn(form.draft)
  const image = { id: 'a', width: 8, height: 8, thumb: '/t', full: '/f' }
  form.draft.pushes[0]!.pictures.push({ ...uploaded(image, 'a.png'), state: 'uploading', image: null })
  const sent = form.send()
  expect([form.sending.value, form.uploading.value, form.problemCount.value]).toEqual([true, true, 0])
  expect(create).not.toHaveBeenCalled()
  Object.assign(form.draft.pushes[0]!.pictures[0]!, { state: 'ready', image })
  expect(await sent).toBe('t1')
  expect(create).toHaveBeenCalledWith(
    expect.objectContaining({
      body: expect.objectContaining({ pushes: [expect.objectContaining({ images: ['a'] })] }),
    }),
  )
})

it('does not send when a picture it waited for failed', async () => {
  const { result: form } = open()
  fillIn(form.draft)
  const lost = { ...uploaded({ id: 'a', width: 8, height: 8, thumb: '', full: '' }, 'a.png'), image: null }
  form.draft.pushes[0]!.pictures.push({ ...lost, state: 'uploading' })
  const sent = form.send()
  form.draft.pushes[0]!.pictures[0]!.state = 'failed'
  expect(await sent).toBeUndefined()
  expect(form.complaint('pushes.0.images')).toBe('有图片没有上传成功，请重试或移除')
})

it('notices that the task went out while it was edited, and keeps no draft of it', async () => {
  const refuse = () => {
    throw new ApiError({ code: 'conflict', message: '任务已下达，不能再编辑' }, 409)
  }
  const edit = (answers: Answers) => within(answers, () => useTaskForm(zhangsan, { taskId: 't1' }))
  const { result: form, leave } = edit({ 'PUT /api/console/tasks/:taskId': refuse })
  fillIn(form.draft)
  expect(await form.send()).toBeUndefined()
  expect(form.issued.value).toBe(true)
  leave()
  expect(edit({}).result.restored.value).toBe(false)
})

it('repeats the Idempotency-Key after an answer that never came, even from a draft of yesterday', async () => {
  const keys: unknown[] = []
  const answers = {
    [CREATE]: ({ idempotencyKey }: Record<string, unknown>) => {
      keys.push(idempotencyKey)
      if (keys.length < 2) throw new ApiError({ code: 'unavailable', message: '服务暂时不可用' }, 503)
      return { id: 't1' }
    },
  }
  const first = open(answers)
  fillIn(first.result.draft)
  expect(await first.result.send()).toBeUndefined()
  first.leave()
  expect(await open(answers).result.send()).toBe('t1')
  expect(keys[1]).toBe(keys[0])
})

it("shows the server's objection under its field until that field changes, and keeps what was typed", async () => {
  const issues = [{ path: ['pushes', 0, 'text'], message: '内容含有不允许的词' }]
  const refuse = () => {
    throw new ApiError({ code: 'invalid', message: '请检查', issues }, 422)
  }
  const { result: form } = open({ [CREATE]: refuse })
  fillIn(form.draft)
  await form.send()
  expect(form.complaint('pushes.0.text')).toBe('内容含有不允许的词')
  expect(form.draft.pushes[0]!.text).toBe('上新')
  form.draft.name = '双十二'
  expect(form.complaint('pushes.0.text')).toBe('内容含有不允许的词')
  form.draft.pushes[0]!.text = '新品'
  expect(form.complaint('pushes.0.text')).toBeUndefined()
})

it('complains about one person of many under the field of all', async () => {
  const issues = [{ path: ['executors', 0], message: '李四已离职' }]
  const refuse = () => {
    throw new ApiError({ code: 'invalid', message: '请检查', issues }, 422)
  }
  const { result: form } = open({ [CREATE]: refuse })
  fillIn(form.draft)
  await form.send()
  expect(form.complaint('executors')).toBe('李四已离职')
})

it('keeps the draft when the page goes, and forgets it once the task is made', async () => {
  const first = open()
  fillIn(first.result.draft)
  expect(first.result.changed.value).toBe(true)
  first.leave()

  const second = open({ [CREATE]: () => ({ id: 't1' }) })
  expect(second.result.restored.value).toBe(true)
  expect(second.result.draft.name).toBe('双十一')
  await second.result.send()
  expect(second.result.changed.value).toBe(false)
  second.leave()
  expect(open().result.restored.value).toBe(false)
})

it('starts over on request', () => {
  const first = open()
  fillIn(first.result.draft)
  first.leave()
  const { result: form } = open()
  form.startOver()
  expect(form.draft).toMatchObject({ name: '', executors: [] })
  expect(form.changed.value).toBe(false)
})

it('names pictures of an old draft that are gone, and renews the links of the others', async () => {
  const view = (id: string, thumb: string) => ({ id, width: 8, height: 8, thumb, full: thumb })
  const first = open()
  fillIn(first.result.draft)
  first.result.draft.pushes[0]!.pictures = [
    uploaded(view('a', '/old'), '甲.png'),
    uploaded(view('b', '/old'), '乙.png'),
  ]
  first.leave()

  const { result: form } = open({
    [RENEW]: ({ params }) => {
      if ((params as { imageId: string }).imageId === 'a') return view('a', '/new')
      throw new ApiError({ code: 'not_found', message: '图片不存在' }, 404)
    },
  })
  await flushPromises()
  const [kept, gone] = form.draft.pushes[0]!.pictures
  expect(kept!.image!.thumb).toBe('/new')
  expect(gone).toMatchObject({ state: 'gone', message: '「乙.png」已过期，请移除后重新上传' })
  await form.send()
  expect(form.complaint('pushes.0.images')).toBe('请移除不能使用的图片')
})

describe('a task that somebody else has changed meanwhile', () => {
  const READ = 'GET /api/console/tasks/:taskId/form'
  const UPDATE = 'PUT /api/console/tasks/:taskId'
  const task = (version: number, name: string) => ({
    ...{ id: 't1', version, name, sendScope: 'wechat' as const, hint: '', executors: [], editable: true },
    pushes: [{ name: '早', scheduledAt: 0, text: '上新', images: [], link: null }],
  })
  const edit = (answers: Answers, version = 1) =>
    within(answers, () => useTaskForm(zhangsan, { taskId: 't1', original: draftOf(task(version, '双十一')) }))
  const staleReply = () => {
    throw new ApiError({ code: 'stale', message: '任务已被其他管理员修改' }, 409)
  }

  it('is sent with the version it was read in', async () => {
    const update = vi.fn(() => ({ id: 't1' }))
    const { result: form } = edit({ [UPDATE]: update }, 7)
    fillIn(form.draft)
    expect(await form.send()).toBe('t1')
    expect(update).toHaveBeenCalledWith(expect.objectContaining({ body: expect.objectContaining({ version: 7 }) }))
  })

  it('is told apart from one that went out, keeps what was typed, and can be loaded anew', async () => {
    const { result: form } = edit({ [UPDATE]: staleReply, [READ]: () => task(2, '别人改的') })
    fillIn(form.draft)
    form.draft.name = '我改的'
    expect(await form.send()).toBeUndefined()
    expect([form.stale.value, form.issued.value, form.draft.name]).toEqual([true, false, '我改的'])

    await form.reload.run()
    expect(form.draft).toMatchObject({ name: '别人改的', version: 2 })
    expect([form.stale.value, form.changed.value]).toEqual([false, false])
  })

  it('is noticed at once by a draft of yesterday', () => {
    const yesterday = edit({}, 1)
    yesterday.result.draft.name = '我改的'
    yesterday.leave()
    const { result: form } = edit({}, 2)
    expect([form.stale.value, form.draft.name]).toEqual([true, '我改的'])
  })

  it('is found issued when it is loaded anew too late', async () => {
    const { result: form } = edit({ [UPDATE]: staleReply, [READ]: () => ({ ...task(2, '双十一'), editable: false }) })
    fillIn(form.draft)
    await form.send()
    await form.reload.run()
    expect(form.issued.value).toBe(true)
  })
})

it('keeps the draft of a copy apart from what was begun at 「新建任务」', () => {
  const begun = open()
  begun.result.draft.name = '自己写的'
  begun.leave()
  const copy = within({}, () => useTaskForm(zhangsan, { copyOf: 't1', original: { ...newDraft(), name: '双十一' } }))
  expect([copy.result.draft.name, copy.result.changed.value]).toEqual(['双十一', false])
  copy.leave()
  expect(open().result.draft.name).toBe('自己写的')
})

it('renews the links of its pictures when one returns after a night', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const view = (thumb: string) => ({ id: 'a', width: 8, height: 8, thumb, full: thumb })
  const { result: form, leave } = open({ [RENEW]: () => view('/new') })
  form.draft.pushes[0]!.pictures = [uploaded(view('/old'), 'a.png')]
  document.dispatchEvent(new Event('visibilitychange'))
  await flushPromises()
  expect(form.draft.pushes[0]!.pictures[0]!.image!.thumb).toBe('/old')
  vi.setSystemTime(Date.now() + 13 * HOUR)
  document.dispatchEvent(new Event('visibilitychange'))
  await flushPromises()
  expect(form.draft.pushes[0]!.pictures[0]!.image!.thumb).toBe('/new')
  leave()
  vi.useRealTimers()
})
