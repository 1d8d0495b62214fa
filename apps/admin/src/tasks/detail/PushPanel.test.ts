import type { PushView, TaskView } from '@qimeng/contract/tasks'
import { shallowMount } from '@vue/test-utils'
import { ElButton } from 'element-plus'
import { createPinia } from 'pinia'
import { expect, it } from 'vitest'
import { callKey } from '../../api.ts'
import { answering } from '../../test/within.ts'
import PushPanel from './PushPanel.vue'

const factsOf = (change: Partial<PushView>) => {
  const push = { id: 'p1', state: 'issued', scheduledAt: 0, issuedAt: 0, images: [], link: null, ...change }
  const view = shallowMount(PushPanel, {
    props: {
      push: push as unknown as PushView,
      task: { id: 't1', createdBy: { name: '张三' } } as TaskView,
      reload: () => Promise.resolve(),
    },
    global: {
      plugins: [createPinia()],
      components: { ElButton },
      provide: { [callKey as symbol]: answering({}) },
    },
  })
  return view.get('dl').text()
}

it('says that a push went to nobody, and only then', () => {
  expect(factsOf({ pending: 0, done: 0 })).toContain('没有发给任何人')
  expect(factsOf({ pending: 0, done: 1 })).not.toContain('没有发给任何人')
  expect(factsOf({ state: 'scheduled', issuedAt: null, pending: 0, done: 0 })).not.toContain('没有发给任何人')
})
