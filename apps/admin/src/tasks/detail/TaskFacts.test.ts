import type { TaskView } from '@qimeng/contract/tasks'
import { shallowMount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import TaskFacts from './TaskFacts.vue'

const task = { pushes: [], left: [], executors: 2, sendScope: 'all', createdBy: { name: '张三' }, createdAt: 0 }
const factsOf = (change: object) =>
  shallowMount(TaskFacts, { props: { task: { ...task, ...change } as unknown as TaskView } }).text()

it('names who got no push, and claims of nobody that he has left: it is not known which of the reasons was his', () => {
  expect(factsOf({ left: [{ name: '将离职' }, { name: '已停用' }] })).toContain(
    '下达前已离职、停用，或不在应用可见范围内，没有推送将离职、已停用',
  )
  expect(factsOf({})).not.toContain('没有推送')
})
