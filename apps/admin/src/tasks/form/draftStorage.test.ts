import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { newDraft, newPush, uploaded } from './draft.ts'
import { draftStorage } from './draftStorage.ts'

beforeEach(() => localStorage.clear())
afterEach(() => vi.unstubAllGlobals())
const image = { id: 'a', width: 8, height: 8, thumb: '/t', full: '/f' }

it('keeps a draft for each person and each task', () => {
  const draft = { ...newDraft(), name: '双十一' }
  draftStorage('zhangsan', 'new').save(draft)
  expect(draftStorage('zhangsan', 'new').load()).toEqual(draft)
  expect(draftStorage('lisi', 'new').load()).toBeUndefined()
  expect(draftStorage('zhangsan', 't1').load()).toBeUndefined()
})

it('keeps pictures the server has, names those that had not arrived, and forgets what was never taken', () => {
  const ready = { ...uploaded(image, 'a.png'), local: 'blob:1' }
  const onItsWay = { ...ready, key: 'k', name: 'b.png', state: 'uploading' as const, image: null }
  const refused = { ...onItsWay, key: 'r', state: 'refused' as const }
  const draft = { ...newDraft(), pushes: [{ ...newPush(), pictures: [ready, onItsWay, refused] }] }
  draftStorage('zhangsan', 'new').save(draft)
  const { pictures } = draftStorage('zhangsan', 'new').load()!.pushes[0]!
  expect(pictures).toHaveLength(2)
  expect(pictures[0]).toEqual({ ...ready, local: null })
  expect(pictures[1]).toMatchObject({ state: 'gone', local: null, message: '「b.png」没有上传完，请移除后重新添加' })
})

it('takes what it cannot read for nothing', () => {
  const key = 'qimeng-moments:draft:zhangsan:new'
  for (const text of ['{', '"x"', '{"version":0,"draft":{}}']) {
    localStorage.setItem(key, text)
    expect(draftStorage('zhangsan', 'new').load()).toBeUndefined()
  }
})

it('forgets', () => {
  const storage = draftStorage('zhangsan', 'new')
  storage.save(newDraft())
  storage.forget()
  expect(storage.load()).toBeUndefined()
})

it.each([
  ['is full', { getItem: () => null, setItem: refuse, removeItem: () => undefined }],
  ['is forbidden', { getItem: refuse, setItem: refuse, removeItem: refuse }],
])('keeps nothing, and harms nothing, where the storage %s', (_, storage) => {
  vi.stubGlobal('localStorage', storage)
  const drafts = draftStorage('zhangsan', 'new')
  drafts.save(newDraft())
  drafts.forget()
  expect(drafts.load()).toBeUndefined()
})

function refuse(): never {
  throw new DOMException('no', 'QuotaExceededError')
}
