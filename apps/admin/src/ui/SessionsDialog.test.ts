import { PiniaColada } from '@pinia/colada'
import { flushPromises, mount } from '@vue/test-utils'
import { ApiError } from '@qimeng/contract/client'
import { ElButton, ElIcon, ElSkeleton } from 'element-plus'
import { createPinia } from 'pinia'
import { expect, it, vi } from 'vitest'
import { type FunctionalComponent, h } from 'vue'
import { callKey } from '../api.ts'
import { answering } from '../test/within.ts'
import SessionsDialog from './SessionsDialog.vue'

/** In its place on the page, where the real one moves itself to the body. */
const ElDialog: FunctionalComponent = (_props, { slots }) =>
  h('section', [slots.default?.(), h('footer', slots.footer?.())])

const show = async (sessions: () => unknown, leave = () => Promise.resolve()) => {
  const view = mount(SessionsDialog, {
    props: { leave },
    global: {
      plugins: [createPinia(), PiniaColada],
      components: { ElButton, ElDialog, ElIcon, ElSkeleton },
      provide: { [callKey as symbol]: answering({ 'GET /api/console/sessions': sessions }) },
    },
  })
  await flushPromises()
  return view
}
const at = Date.UTC(2026, 10, 23, 1, 30)

it('says where one is logged in, and ends all of it', async () => {
  const row = { createdAt: at, lastSeenAt: at + 60_000, current: false }
  const leave = vi.fn(() => Promise.resolve())
  const dialog = await show(
    () => ({
      sessions: [
        { ...row, place: 'console', current: true },
        { ...row, place: 'phone' },
      ],
    }),
    leave,
  )
  expect(dialog.findAll('li').map((line) => line.text())).toEqual([
    expect.stringMatching(/^管理后台.*本次登录.*09:30 登录，最近使用 .*09:31$/s),
    expect.stringMatching(/^企盟助手.*09:30 登录/s),
  ])
  await dialog.get('footer button').trigger('click')
  expect(leave).toHaveBeenCalledOnce()
})

it('can end it also when the list does not come', async () => {
  const dialog = await show(() => {
    throw new ApiError({ code: 'unavailable', message: '系统繁忙，请稍后重试' }, 503)
  })
  expect(dialog.get('[role=alert]').text()).toContain('系统繁忙，请稍后重试')
  expect(dialog.get('footer button').text()).toBe('退出全部登录')
})
