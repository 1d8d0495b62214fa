import { mount } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { anImage, aPush } from '../test/builders.ts'
import { aClipboard } from '../test/phone.ts'
import PublishSheet from './PublishSheet.vue'

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
afterEach(() => mounted.sheet.unmount())

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
