import { PiniaColada } from '@pinia/colada'
import { flushPromises, mount } from '@vue/test-utils'
import { ApiError } from '@qimeng/contract/client'
import { ElButton, ElIcon, ElMessage } from 'element-plus'
import { createPinia } from 'pinia'
import { afterEach, expect, it, vi } from 'vitest'
import { h } from 'vue'
import { createMemoryHistory, createRouter, onBeforeRouteLeave, RouterView } from 'vue-router'
import { callKey } from '../api.ts'
import { useSession } from '../session.ts'
import { answering, zhangsan } from '../test/within.ts'
import TopBar from './TopBar.vue'

afterEach(() => ElMessage.closeAll())

/** The bar above a page, of somebody who is logged in and presses 「退出登录」. */
async function logOut(answer: () => unknown, mayLeave = true) {
  const logout = vi.fn(answer)
  const Page = { setup: () => (onBeforeRouteLeave(() => mayLeave), () => h(TopBar, { me: zhangsan })) }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', name: 'tasks', component: Page },
      { path: '/messages', name: 'messages', component: Page },
      { path: '/login', name: 'login', component: { render: () => h('p', 'login') } },
    ],
  })
  await router.push('/')
  const pinia = createPinia()
  const answers = {
    'GET /api/console/session': () => zhangsan,
    'GET /api/console/messages/unread': () => ({ unread: 0 }),
    'POST /api/console/logout': logout,
  }
  const page = mount(RouterView, {
    global: {
      plugins: [pinia, PiniaColada, router],
      components: { ElButton, ElIcon },
      provide: { [callKey as symbol]: answering(answers) },
    },
  })
  const session = useSession(pinia)
  await session.load()
  await page
    .findAll('button')
    .find((button) => button.text() === '退出登录')!
    .trigger('click')
  await flushPromises()
  return { page, router, session, logout, place: () => router.currentRoute.value.name }
}

it('goes to the login page when the server has ended the session, not before', async () => {
  let ended = (_reply: unknown) => {}
  const { page, place, session } = await logOut(() => new Promise((resolve) => (ended = resolve)))
  expect(place()).toBe('tasks')
  ended({})
  await flushPromises()
  expect(page.text()).toBe('login')
  expect(session).toMatchObject({ me: undefined, over: true, lapsed: false })
})

it('leaves somebody who gets no answer where he is, and says that he may still be logged in', async () => {
  const { place, session, logout } = await logOut(() => {
    throw new ApiError({ code: 'network', message: '网络不可用，请检查网络后重试' }, 0)
  })
  expect(place()).toBe('tasks')
  expect(session.me?.name).toBe('张三')
  expect(document.body.textContent).toContain('退出登录没有完成：网络不可用，请检查网络后重试')
  expect(logout).toHaveBeenCalledOnce()
})

it('keeps the session of somebody who stays with what he typed', async () => {
  const { place, logout } = await logOut(() => ({}), false)
  expect(place()).toBe('tasks')
  expect(logout).not.toHaveBeenCalled()
})

it('ends at the login page although a link was pressed meanwhile', async () => {
  let ended = (_reply: unknown) => {}
  const { router, place, logout } = await logOut(() => new Promise((resolve) => (ended = resolve)))
  await router.push({ name: 'messages' })
  ended({})
  await flushPromises()
  expect(place()).toBe('login')
  expect(logout).toHaveBeenCalledOnce()
})
