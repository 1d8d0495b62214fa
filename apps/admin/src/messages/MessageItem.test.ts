import { mount, RouterLinkStub } from '@vue/test-utils'
import type { MessageView } from '@qimeng/contract/messages'
import { ElButton } from 'element-plus'
import { createPinia } from 'pinia'
import { expect, it } from 'vitest'
import { callKey } from '../api.ts'
import { answering } from '../test/within.ts'
import MessageItem from './MessageItem.vue'

const aMessage = (change: Partial<MessageView> = {}): MessageView => ({
  id: 'm1',
  kind: 'push_missed',
  title: '推送「第一条」已错过',
  body: '没有发给任何人。',
  createdAt: 0,
  read: false,
  taskId: 't1',
  pushId: 'p1',
  export: null,
  ...change,
})

const show = (message: MessageView) =>
  mount(MessageItem, {
    props: { message, retrying: false },
    global: {
      plugins: [createPinia()],
      components: { ElButton },
      stubs: { RouterLink: RouterLinkStub, ElIcon: true },
      provide: { [callKey as symbol]: answering({}) },
    },
  })

const linksOf = (view: ReturnType<typeof show>) =>
  view.findAllComponents(RouterLinkStub).map((link) => [link.text(), link.props('to')])

const push = { name: 'task', params: { taskId: 't1' }, query: { push: 'p1' } }

it('leads from a missed push to that push, and counts as read then', async () => {
  const view = show(aMessage())
  expect(linksOf(view)).toEqual([['查看推送', push]])
  await view.findComponent(RouterLinkStub).trigger('click')
  expect(view.emitted('read')).toHaveLength(1)
})

it('leads from a refused configuration to its check first', () => {
  expect(linksOf(show(aMessage({ kind: 'configuration' })))).toEqual([
    ['查看配置检查', { name: 'settings' }],
    ['查看推送', push],
  ])
})

it('is marked as read once', async () => {
  const view = show(aMessage())
  await view.get('button').trigger('click')
  expect(view.emitted('read')).toHaveLength(1)
  await view.setProps({ message: aMessage({ read: true }) })
  expect(view.find('button').exists()).toBe(false)
  await view.findComponent(RouterLinkStub).trigger('click')
  expect(view.emitted('read')).toHaveLength(1)
})
