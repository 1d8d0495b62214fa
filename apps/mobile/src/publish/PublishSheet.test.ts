import { mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { anImage, aPush } from '../test/builders.ts'
import { aClipboard, becomeWecom } from '../test/phone.ts'
import type { Outcome } from '../wecom/client.ts'
import PublishSheet from './PublishSheet.vue'

const composer = vi.hoisted(() => vi.fn<() => Promise<Outcome>>())
vi.mock('../wecom/moments.ts', () => ({ openMomentsComposer: composer }))

const open = (push = aPush()) => {
  const page = { template: '<div />' }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component: page },
      { path: '/pushes/:pushId/proof', name: 'proof', component: page },
    ],
  })
  const sheet = mount(PublishSheet, {
    props: { push, userid: 'zhangsan', show: true },
    global: { plugins: [router] },
    attachTo: document.body,
  })
  const dialog = document.querySelector('[role=dialog]')!
  const press = (name: string) =>
    [...dialog.querySelectorAll('button')].find((button) => button.textContent.trim() === name)!.click()
  return { sheet, dialog, press }
}

let mounted: ReturnType<typeof open>
afterEach(() => {
  mounted.sheet.unmount()
  localStorage.clear()
  vi.restoreAllMocks()
})

it('shows the steps, copies on 「确认」, and the steps stay', async () => {
  const clipboard = aClipboard()
  mounted = open()
  const { dialog, press } = mounted
  expect(dialog.querySelectorAll('li')).toHaveLength(4)
  expect(clipboard.text).toBe('')
  press('确认')
  await expect.poll(() => dialog.querySelector('[role=status]')!.textContent).toBe('文案已复制')
  expect(clipboard.text).toBe('上新啦[庆祝]\n到店有礼')
  expect(dialog.querySelectorAll('li')).toHaveLength(4)
  expect(dialog.querySelector('a')!.getAttribute('href')).toBe('/pushes/p1/proof')
})

it('shows the text to select where nothing can copy', async () => {
  aClipboard({ allowed: false })
  mounted = open()
  mounted.press('确认')
  await expect.poll(() => mounted.dialog.querySelector('textarea')?.value).toBe('上新啦[庆祝]\n到店有礼')
})

it('offers no second copy of pictures alone', async () => {
  aClipboard()
  mounted = open(aPush({ text: '', images: [anImage()] }))
  mounted.press('确认')
  await expect.poll(() => mounted.dialog.querySelector('[role=status]')!.textContent).toBe('请按下面的步骤发表')
  expect(mounted.dialog.textContent).not.toContain('再复制一次')
})

it('after a refusal says why in Chinese, and offers the way by hand', async () => {
  aClipboard()
  becomeWecom()
  composer.mockResolvedValue({ ok: false, failure: 'refused', detail: 'agentConfig:functionnotexist' })
  mounted = open(aPush({ sendScope: 'wecom' }))
  const { dialog, press } = mounted
  press('确认')
  await expect.poll(() => dialog.textContent).toContain('原因：当前企业微信版本不支持，请更新')
  expect(dialog.textContent).not.toMatch(/[a-z]{4}|再打开发表页/i)
  expect(dialog.textContent).toContain('再复制一次')
  expect(dialog.querySelector('[role=status]')!.classList).toContain('status--warn')
})

it('for both targets asks about WeCom after its composer, and folds it up', async () => {
  aClipboard()
  becomeWecom()
  composer.mockResolvedValue({ ok: true })
  mounted = open(aPush({ sendScope: 'all' }))
  const { dialog, press } = mounted
  const wecom = dialog.querySelector('[aria-label=企业微信朋友圈]')!
  expect(wecom.querySelectorAll('li')).toHaveLength(2)
  press('确认')
  await expect.poll(() => wecom.textContent).toContain('企业微信部分发表好了吗？')
  expect(wecom.querySelectorAll('li')).toHaveLength(0)
  wecom.querySelector('input')!.click()
  await expect.poll(() => wecom.textContent).not.toContain('企业微信部分发表好了吗？')
  expect(dialog.querySelector('[role=status]')!.textContent).toContain('接着发表到微信朋友圈')
})
