import { LIMITS } from '@qimeng/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aTask } from '../test/builders.ts'
import { startWorld, type World } from '../test/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ env: { MAX_EXECUTORS: String(LIMITS.executorsCeiling) } })
})
afterAll(() => world.stop())

test('as many people as the installation allows fit into one request, with the longest userids there are', async () => {
  const admin = await world.admin('zhangsan')
  const executors = Array.from({ length: LIMITS.executorsCeiling }, (_, index) => String(index).padStart(64, 'x'))
  // Read to its end: it is the people it does not know that stop it.
  await expect(admin('POST /api/console/tasks', { body: aTask({ executors }) })).rejects.toMatchObject({ status: 422 })
  const tooMany = aTask({ executors: [...executors, ...executors] })
  await expect(admin('POST /api/console/tasks', { body: tooMany })).rejects.toMatchObject({ status: 413 })
})
