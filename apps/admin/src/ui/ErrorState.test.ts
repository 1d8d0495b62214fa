import { mount } from '@vue/test-utils'
import { ApiError } from '@qimeng/contract/client'
import { ElButton } from 'element-plus'
import { expect, it } from 'vitest'
import ErrorState from './ErrorState.vue'

it('says what came too often, when to come again, and lets one try', async () => {
  const error = new ApiError({ code: 'too_many_requests', message: '查询过于频繁，请 12 秒后再试' }, 429, 12)
  const view = mount(ErrorState, { props: { error }, global: { components: { ElButton } } })
  expect(view.get('[role=alert]').text()).toContain('查询过于频繁，请 12 秒后再试')
  await view.get('button').trigger('click')
  expect(view.emitted('retry')).toHaveLength(1)
})
