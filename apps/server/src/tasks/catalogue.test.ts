import { HOUR, startOfMinute } from '@qimeng/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aPush, aTask } from '../test/builders.ts'
import { catalogueOf } from '../test/catalogue.ts'
import { type AdminCaller, startWorld, type World } from '../test/world.ts'

let world: World
let admin: AdminCaller
beforeAll(async () => {
  world = await startWorld()
  admin = await world.admin('zhangsan')
  world.clock.set(startOfMinute(Date.now()))
})
afterAll(() => world.stop())

const anHourOn = () => aPush({ scheduledAt: world.clock.now() + HOUR })
const view = (taskId: string) => admin('GET /api/console/tasks/:taskId', { params: { taskId } })
const form = (taskId: string) => admin('GET /api/console/tasks/:taskId/form', { params: { taskId } })
const pushId = async (taskId: string, at: number) => (await view(taskId)).pushes[at]!.id

/** What the console lists as the state of a task, once it has been checked against tasks and pushes themselves. */
async function stateOf(taskId: string) {
  const { stored, derived } = await catalogueOf(world.parts.db)
  expect(stored).toEqual(derived)
  const { rows } = await admin('GET /api/console/tasks', { query: {} })
  return rows.find(({ id }) => id === taskId)?.state
}

it('follows a task through everything that can happen to it', async () => {
  const now = world.clock.now()
  const pushes = [0, 1, 2, 3].map((hours) => aPush({ scheduledAt: now + HOUR + hours * 5 * HOUR }))
  const plan = aTask({ name: '春节促销', pushes })
  const { id } = await admin('POST /api/console/tasks', { body: plan })
  expect(await stateOf(id)).toBe('not_started')

  const body = { ...plan, name: '春节大促', sendScope: 'all' as const, version: (await form(id)).version }
  await admin('PUT /api/console/tasks/:taskId', { params: { taskId: id }, body })
  expect(await stateOf(id)).toBe('not_started')

  // Down over the first minute: missed. Nothing is issued yet.
  await world.parts.jobs.stop()
  world.clock.set(now + HOUR + 3 * HOUR)
  await world.restart()
  admin = await world.admin('zhangsan')
  expect((await view(id)).pushes[0]!.state).toBe('missed')
  expect(await stateOf(id)).toBe('not_started')

  await admin('POST /api/console/pushes/:pushId/issue', { params: { pushId: await pushId(id, 0) } })
  await world.parts.jobs.idle()
  expect(await stateOf(id)).toBe('running')

  world.clock.set(now + 6 * HOUR)
  await world.parts.jobs.idle()
  expect((await view(id)).pushes[1]!.state).toBe('issued')
  expect(await stateOf(id)).toBe('running')

  for (const at of [2, 3]) {
    await admin('POST /api/console/pushes/:pushId/cancel', { params: { pushId: await pushId(id, at) } })
    expect(await stateOf(id)).toBe(at === 2 ? 'running' : 'finished')
  }

  await admin('DELETE /api/console/tasks/:taskId', { params: { taskId: id } })
  expect(await stateOf(id)).toBeUndefined()
})

it('is finished in all it had planned when it is deleted before its time', async () => {
  const { id } = await admin('POST /api/console/tasks', { body: aTask({ pushes: [anHourOn()] }) })
  await admin('DELETE /api/console/tasks/:taskId', { params: { taskId: id } })
  expect(await stateOf(id)).toBeUndefined()
})

it('makes whoever edits a task look again when one of its pushes has been cancelled', async () => {
  const plan = aTask({ pushes: [anHourOn(), anHourOn()] })
  const { id } = await admin('POST /api/console/tasks', { body: plan })
  const { version } = await form(id)
  await admin('POST /api/console/pushes/:pushId/cancel', { params: { pushId: await pushId(id, 0) } })
  const edit = admin('PUT /api/console/tasks/:taskId', { params: { taskId: id }, body: { ...plan, version } })
  await expect(edit).rejects.toMatchObject({ code: 'stale' })
})
