import { HOUR, MINUTE, startOfMinute } from '@qimeng/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aPush } from '../test/builders.ts'
import { type AdminCaller, startWorld, type World } from '../test/world.ts'
import { alertsOf, cardsOf, cardStates, later, launch } from './campaign.fixture.ts'

let world: World
let admin: AdminCaller

beforeAll(async () => {
  world = await startWorld()
  world.clock.set(startOfMinute(Date.now()))
})
beforeEach(async () => {
  admin = await world.admin('zhangsan')
})
afterAll(() => world.stop())

/** A push in one minute, after whose time the server comes back. */
async function sleepPast(lateness: number) {
  const scheduledAt = startOfMinute(world.clock.now()) + MINUTE
  const campaign = await launch(world, admin, { pushes: [aPush({ scheduledAt })] })
  await world.parts.jobs.stop()
  world.clock.set(scheduledAt + lateness)
  await world.restart()
  return campaign
}

const pushOf = async (taskId: string) =>
  (await admin('GET /api/console/tasks/:taskId', { params: { taskId } })).pushes[0]
const issueNow = (pushId: string) => admin('POST /api/console/pushes/:pushId/issue', { params: { pushId } })
const cancel = (pushId: string) => admin('POST /api/console/pushes/:pushId/cancel', { params: { pushId } })

describe('a server that was down over the minute', () => {
  it('ten minutes late sends at once and says that it was late', async () => {
    const { taskId, pushId } = await sleepPast(10 * MINUTE)
    expect(await pushOf(taskId)).toMatchObject({ state: 'issued', late: true })
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
  })

  it.each([3 * HOUR, 72 * HOUR])('%i ms late disturbs nobody and tells the administrator', async (lateness) => {
    const { taskId, pushId } = await sleepPast(lateness)
    admin = await world.admin('zhangsan')
    expect(await pushOf(taskId)).toMatchObject({ state: 'missed', issuedAt: null })
    expect(await cardStates(world, pushId)).toEqual({})
    expect(await alertsOf(world, pushId)).toMatchObject([{ kind: 'push_missed', title: '推送「第一条」已错过' }])
    expect((await admin('GET /api/console/tasks/:taskId', { params: { taskId } })).editable).toBe(true)
  })
})

describe('「立即推送」', () => {
  it('sends a missed push, once', async () => {
    const { taskId, pushId } = await sleepPast(3 * HOUR)
    const outcomes = await Promise.allSettled([issueNow(pushId), issueNow(pushId)])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await world.parts.jobs.idle()
    expect(await pushOf(taskId)).toMatchObject({ state: 'issued', late: true, cards: { delivered: 2 } })
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
  })

  it('is for missed pushes only', async () => {
    const { pushId } = await launch(world, admin)
    await world.parts.jobs.idle()
    await expect(issueNow(pushId)).rejects.toMatchObject({ code: 'conflict', status: 409 })
    await expect(issueNow('no-such-push')).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('a cancelled push', () => {
  it('is never sent', async () => {
    const scheduledAt = startOfMinute(world.clock.now()) + MINUTE
    const { taskId, pushId } = await launch(world, admin, { pushes: [aPush({ scheduledAt })] })
    await cancel(pushId)
    await later(world, HOUR)
    expect(await pushOf(taskId)).toMatchObject({ state: 'cancelled' })
    expect(await cardsOf(world, 'lisi', pushId)).toEqual([])
    await expect(cancel(pushId)).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('a clock that jumps', () => {
  it('back over a due minute repeats nothing', async () => {
    const { pushId } = await launch(world, admin)
    await world.parts.jobs.idle()
    await later(world, -HOUR)
    await later(world, HOUR + MINUTE)
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
  })
})
