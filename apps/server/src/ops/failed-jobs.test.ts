import type { JobKind } from '../jobs/kinds.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from '../test/world.ts'
import { listFailedJobs } from './failed-jobs.ts'

let world: World
beforeAll(async () => void (world = await startWorld()))
afterAll(() => world.stop())

test('where nothing was given up there is nothing to tell', async () => {
  const admin = await world.admin('zhangsan')
  expect(await admin('GET /api/console/jobs/failed')).toEqual({ jobs: [] })
})

test('work that was given up is told in words, with its error and without what it was about', async () => {
  const given = { id: '1', kind: 'export.build' as JobKind, data: { exportId: 'e' }, error: 'no space', failedAt: 7 }
  expect(await listFailedJobs({ jobs: { ...world.parts.jobs, failed: async () => [given] } })).toEqual([
    { id: '1', work: '生成导出文件', error: 'no space', failedAt: 7 },
  ])
})

test('work that was given up is tried again once, however often the button is pressed, and the log says who asked', async () => {
  const admin = await world.admin('zhangsan')
  const given = { id: '7', kind: 'directory.sync' as JobKind, data: { reason: 'asked for' }, error: 'no', failedAt: 7 }
  const waiting = [given]
  world.parts.jobs.retry = async (_, id) => (id === given.id ? waiting.pop() : undefined)
  const retry = () => admin('POST /api/console/jobs/failed/:jobId/retry', { params: { jobId: '7' } })
  await Promise.all([retry(), retry()])
  await retry()
  const { rows } = await admin('GET /api/console/audit', { query: { limit: 5 } })
  const retries = rows.filter(({ action }) => action === 'job.retry')
  expect(retries).toMatchObject([{ actor: '张三', about: '同步通讯录' }])
})
