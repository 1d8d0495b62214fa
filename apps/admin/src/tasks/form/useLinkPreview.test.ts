import { ApiError } from '@qimeng/contract/client'
import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import { reactive } from 'vue'
import type { Answers } from '../../test/within.ts'
import { within } from '../../test/within.ts'
import { confirmed } from '../../ui/confirm.ts'
import type { LinkDraft } from './draft.ts'
import { newLink, uploaded } from './draft.ts'
import { useLinkPreview } from './useLinkPreview.ts'

/** A machine that does other things may take its time. */
const PATIENT = { timeout: 60_000 }

vi.mock('../../ui/confirm.ts', () => ({ confirmed: vi.fn() }))
beforeEach(() => void vi.mocked(confirmed).mockReset())

const cover = { id: 'cover', width: 8, height: 8, thumb: '/t', full: '/f' }
const page = { title: '秋季新品', description: '第一批到店', cover }
const typed = { url: 'https://example.com/a', title: '我的标题' }

function open(answer: Answers[string], start: Partial<LinkDraft> = { url: 'https://example.com/a' }) {
  const link = reactive<LinkDraft>({ ...newLink(), ...start })
  const asked = vi.fn(answer)
  const { result, leave } = within({ 'POST /api/console/links/preview': asked }, () => useLinkPreview(() => link))
  const content = () => [link.title, link.description, link.cover[0]?.image?.id]
  return { ...result, link, asked, leave, content }
}
const refusal = (message: string, status = 422) =>
  new ApiError({ code: 'invalid', message, issues: [{ path: ['url'], message }] }, status)

it('fills title, description and cover, which then is a picture like any other', async () => {
  const { fetch, fetching, link, content, asked } = open(() => page)
  const done = fetch()
  expect(fetching.value).toBe(true)
  await done
  expect(fetching.value).toBe(false)
  expect(asked).toHaveBeenCalledWith(expect.objectContaining({ body: { url: 'https://example.com/a' } }))
  expect(content()).toEqual(['秋季新品', '第一批到店', 'cover'])
  expect(link.cover[0]).toMatchObject({ state: 'ready', name: '链接封面' })
  expect(confirmed).not.toHaveBeenCalled()
})

it('asks before it replaces what was typed, and fills the rest in any case', async () => {
  const { fetch, link, content } = open(() => page, typed)
  vi.mocked(confirmed).mockResolvedValueOnce(false).mockResolvedValueOnce(true)
  await fetch()
  expect(content()).toEqual(['我的标题', '第一批到店', 'cover'])
  link.cover = [uploaded({ ...cover, id: 'mine' }, '我的封面')]
  await fetch()
  expect(vi.mocked(confirmed).mock.lastCall?.[0]).toBe('覆盖已填写的标题和封面？')
  expect(content()).toEqual(['秋季新品', '第一批到店', 'cover'])
})

it('does not ask when the page says the same, and keeps what the page does not say', async () => {
  const same = open(() => ({ ...page, cover: null }), { ...typed, title: ' 秋季新品 ' })
  await same.fetch()
  expect(same.missing.value).toBe('没有获取到封面，可以手动添加')
  same.link.cover = [uploaded(cover, '我的封面')]
  expect(same.missing.value, 'it is there now').toBeUndefined()
  const silent = open(() => ({ title: '', description: '', cover: null }), typed)
  await silent.fetch()
  expect(silent.content()).toEqual(['我的标题', '', undefined])
  expect(silent.missing.value).toBe('这个网页没有提供标题和封面，请手动填写')
  expect(confirmed).not.toHaveBeenCalled()
})

it('fetches a pasted address by itself once the field is left, never asks, and not twice', async () => {
  const { notePaste, fetchPasted, link, content, asked } = open(() => page, { url: '' })
  await fetchPasted()
  notePaste()
  link.url = 'https://example.com/b'
  link.description = '我的描述'
  await fetchPasted()
  expect(content()).toEqual(['秋季新品', '我的描述', 'cover'])
  link.title = ''
  await fetchPasted()
  expect(asked).toHaveBeenCalledTimes(1)
  expect(confirmed).not.toHaveBeenCalled()
})

it('leaves a pasted address alone that is none, or has a title already', async () => {
  const nothing = vi.fn()
  for (const start of [{ url: '不是地址' }, typed]) {
    const { notePaste, fetchPasted, problem } = open(nothing, start)
    notePaste()
    await fetchPasted()
    expect(problem.value).toBeUndefined()
  }
  expect(nothing).not.toHaveBeenCalled()
})

it('says what is wrong until the address changes, and everything can be filled in by hand', async () => {
  const { fetch, fetching, problem, link, content } = open(() => {
    throw refusal('这个链接不是网页')
  }, typed)
  await fetch()
  expect([problem.value, fetching.value]).toEqual(['这个链接不是网页', false])
  expect(content()).toEqual(['我的标题', '', undefined])
  link.url += 'b'
  expect(problem.value).toBeUndefined()
})

it('says by itself that an address is none', async () => {
  const { fetch, problem, asked } = open(() => page, { url: 'ftp://a' })
  await fetch()
  expect(problem.value).toBe('请填写以 http:// 或 https:// 开头、不含空格的链接地址')
  expect(asked).not.toHaveBeenCalled()
})

it.each([
  ['editing the address', ({ link }: ReturnType<typeof open>) => void (link.url = 'https://example.com/new')],
  ['leaving', ({ leave }: ReturnType<typeof open>) => leave()],
])('%s calls it off, and a late answer changes nothing', async (_, callOff) => {
  let answer!: (found: typeof page) => void
  const aborted = vi.fn()
  const form = open(({ signal }) => {
    ;(signal as AbortSignal).addEventListener('abort', aborted)
    return new Promise((resolve) => (answer = resolve))
  })
  void form.fetch()
  callOff(form)
  expect(aborted).toHaveBeenCalledOnce()
  expect(form.fetching.value).toBe(false)
  answer(page)
  await flushPromises()
  expect(form.content()).toEqual(['', '', undefined])
})

it('an answer to the question that comes after the address changed replaces nothing', async () => {
  const { fetch, link, content } = open(() => page, typed)
  let say!: (yes: boolean) => void
  vi.mocked(confirmed).mockReturnValueOnce(new Promise((resolve) => (say = resolve)))
  const done = fetch()
  await vi.waitFor(() => expect(confirmed).toHaveBeenCalled(), PATIENT)
  link.url = 'https://example.com/other'
  say(true)
  await done
  expect(content()).toEqual(['我的标题', '', undefined])
})
