import { PiniaColada } from '@pinia/colada'
import { flushPromises, mount } from '@vue/test-utils'
import { ElButton } from 'element-plus'
import { createPinia } from 'pinia'
import { expect, it } from 'vitest'
import { callKey } from '../api.ts'
import { type Answers, answering } from '../test/within.ts'
import FailedJobs from './FailedJobs.vue'

const shown = async (jobs: object[], more: Answers = {}) => {
  const view = mount(FailedJobs, {
    global: {
      plugins: [createPinia(), PiniaColada],
      components: { ElButton },
      provide: {
        [callKey as symbol]: answering({ 'GET /api/console/jobs/failed': () => ({ jobs: [...jobs] }), ...more }),
      },
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

it('tries again what is asked for, and shows what is left', async () => {
  const failedAt = Date.UTC(2026, 10, 23, 1, 30)
  const jobs = ['1', '2'].map((id) => ({ id, work: `工作${id}`, error: 'no', failedAt }))
  const asked: unknown[] = []
  const card = await shown(jobs, {
    'POST /api/console/jobs/failed/:jobId/retry': ({ params }) => {
      asked.push(params)
      jobs.splice(1, 1)
      return {}
    },
  })
  await card.get('button[aria-label="重试工作2"]').trigger('click')
  await flushPromises()
  expect(asked).toEqual([{ jobId: '2' }])
  expect(card.findAll('li').map((line) => line.get('strong').text())).toEqual(['工作1'])
})
