import { DAY, formatShanghai, HOUR, MINUTE } from '@qimeng/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { anImage, aPush, aTask } from '../test/builders.ts'
import { type AdminCaller, startWorld, type World } from '../test/world.ts'
import { type Campaign, later, launch } from './campaign.fixture.ts'
import { stepsBetween } from './timeline.ts'

describe('the steps of a timeline', () => {
  const issued = Date.UTC(2026, 10, 20, 1, 7) // 09:07 in Shanghai

  it.each([
    ['one minute', 0, MINUTE, 1],
    ['one minute', 47 * MINUTE, MINUTE, 48],
    ['two minutes', 48 * MINUTE, 2 * MINUTE, 25],
    ['half an hour', 23 * HOUR, 30 * MINUTE, 47],
    ['a day', 40 * DAY, DAY, 41],
    ['several days', 200 * DAY, 5 * DAY, 41],
  ])('are %s long, %d ms after the issue', (_words, age, step, count) => {
    expect(stepsBetween(issued, issued + age)).toMatchObject({ step, count })
  })

  it('begin where a clock in Shanghai says so', () => {
    expect(formatShanghai(stepsBetween(issued, issued + 20 * HOUR).from)).toBe('2026-11-20 09:00')
    expect(formatShanghai(stepsBetween(issued, issued + 30 * DAY).from)).toBe('2026-11-20 00:00')
    expect(formatShanghai(stepsBetween(issued, issued + 200 * DAY).from)).toBe('2026-11-20 00:00')
  })

  it('are never too many, begin not after the issue, and the last one holds now', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000 * DAY }), (age) => {
        const { from, step, count } = stepsBetween(issued, issued + age)
        const last = from + (count - 1) * step
        return count <= 48 && from <= issued && last <= issued + age && issued + age < last + step
      }),
    )
  })
})

describe('the timeline of a push', () => {
  let world: World
  let admin: AdminCaller
  let campaign: Campaign

  beforeAll(async () => {
    world = await startWorld()
    world.clock.set(Date.UTC(2026, 10, 20, 1, 0))
  })
  afterAll(() => world.stop())
  beforeEach(async () => {
    admin = await world.admin('zhangsan')
    await later(world, MINUTE)
    campaign = await launch(world, admin, { executors: ['zhangsan', 'lisi', 'wangwu'] })
    await world.parts.jobs.idle()
  })

  const timeline = (pushId = campaign.pushId) =>
    admin('GET /api/console/pushes/:pushId/timeline', { params: { pushId } })

  async function execute(userid: string) {
    const employee = await world.employee(userid)
    const { id } = await employee('POST /api/me/images', { image: await anImage() })
    const params = { pushId: campaign.pushId }
    await employee('POST /api/me/pushes/:pushId/proofs', { params, body: { images: [id] } })
  }

  it('is empty before the issue', async () => {
    const pushes = [aPush({ scheduledAt: world.clock.now() + HOUR })]
    const { id: taskId } = await admin('POST /api/console/tasks', { body: aTask({ pushes }) })
    const task = await admin('GET /api/console/tasks/:taskId', { params: { taskId } })
    expect(await timeline(task.pushes[0]!.id)).toMatchObject({ done: [] })
  })

  it('has one step just after it', async () => {
    expect(await timeline()).toEqual({ from: world.clock.now(), step: MINUTE, done: [0] })
  })

  it('counts who was done when; replacing a proof changes nothing', async () => {
    const issuedAt = world.clock.now()
    await execute('lisi')
    await later(world, 3 * MINUTE)
    await execute('wangwu')
    await execute('lisi')
    expect((await timeline()).done).toEqual([1, 0, 0, 1])
    await later(world, 59 * MINUTE)
    await execute('zhangsan')
    const { from, step, done } = await timeline()
    expect(step).toBe(2 * MINUTE)
    // Even minutes, of which the issue may have been the second half.
    const places = done.flatMap((people, place) => (people ? [place] : []))
    expect(places).toEqual([0, Math.floor((issuedAt + 3 * MINUTE - from) / step), done.length - 1])
    expect(done.filter(Boolean)).toEqual([1, 1, 1])
  })

  it('keeps months apart by days', async () => {
    await execute('lisi')
    await later(world, 100 * DAY)
    admin = await world.admin('zhangsan')
    await execute('wangwu')
    const { step, done } = await timeline()
    expect(step).toBe(3 * DAY)
    expect([done[0], done.at(-1)]).toEqual([1, 1])
  })

  it('knows no push of a deleted task, nor a stranger', async () => {
    await admin('DELETE /api/console/tasks/:taskId', { params: { taskId: campaign.taskId } })
    await expect(timeline()).rejects.toMatchObject({ status: 404 })
    await expect(timeline('nowhere')).rejects.toMatchObject({ status: 404 })
  })
})
