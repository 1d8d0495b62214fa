import type { TaskView } from '@qimeng/contract/tasks'
import { mount } from '@vue/test-utils'
import { ElButton } from 'element-plus'
import { expect, it } from 'vitest'
import TaskFacts from './TaskFacts.vue'

const task = { pushes: [], left: [], executors: 2, sendScope: 'all', createdBy: { name: '张三' }, createdAt: 0 }
const show = (change: object) =>
  mount(TaskFacts, {
    props: { task: { ...task, ...change } as unknown as TaskView },
    global: { components: { ElButton } },
  })

it('names who got no push, and claims of nobody that he has left: it is not known which of the reasons was his', () => {
  expect(show({ left: [{ name: '将离职' }, { name: '已停用' }] }).text()).toContain(
    '下达前已离职、停用，或不在应用可见范围内，没有推送将离职、已停用',
  )
  expect(show({}).text()).not.toContain('没有推送')
})

it('names twenty of many, and all of them when asked', async () => {
  const left = Array.from({ length: 300 }, (_, index) => ({ name: `员工${index + 1}` }))
  const facts = show({ left })
  expect(facts.text()).toMatch(/员工20\s+等 300 人/)
  expect(facts.text()).not.toContain('员工21')
  await facts.get('button').trigger('click')
  expect(facts.text()).toContain('员工300')
  expect(facts.find('button').exists()).toBe(false)
})
