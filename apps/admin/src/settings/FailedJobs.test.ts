import { PiniaColada } from '@pinia/colada'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { expect, it } from 'vitest'
import { callKey } from '../api.ts'
import { answering } from '../test/within.ts'
import FailedJobs from './FailedJobs.vue'

const shown = async (jobs: object[]) => {
  const view = mount(FailedJobs, {
    global: {
      plugins: [createPinia(), PiniaColada],
      provide: { [callKey as symbol]: answering({ 'GET /api/console/jobs/failed': () => ({ jobs }) }) },
    },
  })
  await flushPromises()
  return view
}

it('says what was given up, when and why', async () => {
  const failedAt = Date.UTC(2026, 10, 23, 1, 30)
  const card = await shown([{ id: '1', work: '生成导出文件', error: 'no space left on device', failedAt }])
  expect(card.get('h2').text()).toBe('未完成的后台任务')
  expect(card.get('li').text()).toMatch(/生成导出文件.*2026-11-23 09:30.*no space left on device/)
})

it('is not there on good days', async () => {
  expect((await shown([])).find('section').exists()).toBe(false)
})
