import { mount } from '@vue/test-utils'
import { ElButton } from 'element-plus'
import { expect, it } from 'vitest'
import CursorPager from './CursorPager.vue'

const pager = (props: { total: number; totalIsLeast?: true }) =>
  mount(CursorPager, {
    props: { previous: null, next: 'later', noun: '个任务', ...props },
    global: { components: { ElButton } },
  })

it('says how many there are, or at least how many', () => {
  expect(pager({ total: 21 }).text()).toContain('共 21 个任务')
  expect(pager({ total: 1000, totalIsLeast: true }).text()).toContain('共 1000+ 个任务')
})

it('leads to the next page, and nowhere from an end', async () => {
  const view = pager({ total: 21 })
  const [previous, next] = view.findAll('button')
  expect(previous!.attributes('disabled')).toBeDefined()
  await next!.trigger('click')
  expect(view.emitted('go')).toEqual([['later']])
})
