import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { h } from 'vue'
import FormField from './FormField.vue'

const field = (props: { label: string; error?: string; group?: boolean }) =>
  mount(FormField, { props, slots: { default: (given: object) => h('input', given) } })

it('ties label and message to the field', () => {
  const page = field({ label: '任务名称', error: '请填写任务名称' })
  const input = page.get('input')
  expect(page.get('label').attributes('for')).toBe(input.attributes('id'))
  expect(input.attributes('aria-invalid')).toBe('true')
  expect(page.get(`#${input.attributes('aria-describedby')}`).text()).toBe('请填写任务名称')
})

it('describes nothing when nothing is wrong', () => {
  const input = field({ label: '任务名称' }).get('input')
  expect(input.attributes()).not.toHaveProperty('aria-describedby')
  expect(input.attributes()).not.toHaveProperty('aria-invalid')
})

it('names several controls as a group', () => {
  const page = field({ label: '执行范围', group: true })
  expect(page.find('label').exists()).toBe(false)
  expect(page.get(`#${page.get('[role=group]').attributes('aria-labelledby')}`).text()).toBe('执行范围')
})
