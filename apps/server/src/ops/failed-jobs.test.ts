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
