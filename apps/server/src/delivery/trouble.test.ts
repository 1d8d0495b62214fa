import { HOUR, MINUTE, startOfMinute } from '@qimeng/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { aPush } from '../test/builders.ts'
import { ENGINE } from '../test/database.ts'
import { type AdminCaller, startWorld, type World } from '../test/world.ts'
import { alertsOf, aWorker, batchesOf, cardsOf, cardStates, later, launch, SEND } from './campaign.fixture.ts'
import { sendBatch } from './send.ts'

/** A machine that does other things may take its time. */
const PATIENT = { timeout: 60_000 }

let world: World
let admin: AdminCaller

beforeAll(async () => {
  world = await startWorld()
  world.clock.set(startOfMinute(Date.now()) + 20_000)
})
beforeEach(async () => {
  await world.wecom.up()
  await later(world, 10 * MINUTE)
  admin = await world.admin('zhangsan')
})
afterAll(() => world.stop())

const idle = () => world.parts.jobs.idle()
const sends = async (pushId: string) => (await world.wecom.calls(SEND)).filter(({ body }) => body.includes(pushId))

describe('when WeCom does not answer as it should', () => {
  it.each(['drop-before', 'drop-after', 'broken-json', 'http-502'] as const)(
    'an unknown outcome (%s) is asked again with the same bytes: one card',
    async (kind) => {
      await world.wecom.fault({ path: SEND, kind, times: 2 })
      const { pushId } = await launch(world, admin)
      await idle()
      expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'sending', attempts: 1 }])
      expect((await batchesOf(world, pushId))[0]!.firstAmbiguousAt).not.toBeNull()
      await later(world, MINUTE)
      await later(world, MINUTE)
      const calls = await sends(pushId)
      expect(new Set(calls.map(({ body }) => body)).size).toBe(1)
      expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'sent', attempts: 3, firstAmbiguousAt: null }])
      expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
    },
  )

  it.each([-1, 45009])('errcode %i comes again later', async (errcode) => {
    await world.wecom.fault({ path: SEND, kind: 'errcode', errcode })
    const { pushId } = await launch(world, admin)
    await idle()
    expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'ready', errcode, firstAmbiguousAt: null }])
    await later(world, 3 * MINUTE)
    expect(await cardStates(world, pushId)).toEqual({ zhangsan: 'delivered', lisi: 'delivered' })
  })

  it('a refused access token is replaced once, within the attempt', async () => {
    await world.wecom.fault({ path: SEND, kind: 'errcode', errcode: 42001 })
    const { pushId } = await launch(world, admin)
    await idle()
    expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'sent', attempts: 1 }])
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
  })

  it('an outage delays, and everything is sent within five minutes of its end, with bounded calls', async () => {
    // Not of every path: copying the directory would take its pauses in real time.
    await world.wecom.fault({ path: SEND, kind: 'drop-before', times: 10_000 })
    const { pushId } = await launch(world, admin)
    for (let minute = 0; minute < 60; minute += 2) await later(world, 2 * MINUTE)
    expect((await sends(pushId)).length).toBeLessThan(40)
    await world.wecom.up()
    for (let minute = 0; minute < 5; minute += 1) await later(world, MINUTE)
    expect(await cardStates(world, pushId)).toEqual({ zhangsan: 'delivered', lisi: 'delivered' })
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
  })

  it('near four hours an unknown outcome goes to the administrator, and nothing is sent again by itself', async () => {
    await world.wecom.fault({ path: SEND, kind: 'drop-after', times: 10_000 })
    const { pushId } = await launch(world, admin)
    await idle()
    await later(world, 3 * HOUR + 49 * MINUTE)
    expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'sending' }])
    await later(world, 10 * MINUTE)
    const calls = (await sends(pushId)).length
    await world.wecom.up()
    await later(world, HOUR)
    expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'unknown' }])
    expect(new Set(Object.values(await cardStates(world, pushId)))).toEqual(
      new Set(['企业微信没有返回结果，可能已送达']),
    )
    expect((await alertsOf(world, pushId)).map(({ title }) => title)).toEqual(['2 人可能没有收到任务卡片'])
    expect((await sends(pushId)).length).toBe(calls)
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)

    admin = await world.admin('zhangsan')
    const params = { pushId }
    const list = () =>
      admin('GET /api/console/pushes/:pushId/executions', { params, query: { state: 'pending', limit: 10 } })
    expect((await list()).rows).toMatchObject([{ cardState: 'unknown' }, { cardState: 'unknown' }])
    await admin('POST /api/console/pushes/:pushId/resend', { params, body: { userids: ['lisi'] } })
    await idle()
    expect((await list()).rows.map(({ userid, cardState }) => [userid, cardState])).toEqual([
      ['lisi', 'delivered'],
      ['zhangsan', 'unknown'],
    ])
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(2)
  })
})

describe('more messages than WeCom delivers to a person in a minute', () => {
  it.each(['at once', 'after an outage'])('%s are spread, and none of them is dropped', async (when) => {
    if (when === 'after an outage') await world.wecom.fault({ path: SEND, kind: 'drop-before', times: 70 })
    const scheduledAt = startOfMinute(world.clock.now())
    const pushes = Array.from({ length: 5 }, () => aPush({ scheduledAt }))
    const tasks: string[] = []
    for (let task = 0; task < 7; task += 1) {
      tasks.push((await launch(world, admin, { executors: ['wangwu'], pushes })).taskId)
    }
    for (let minute = 0; minute < 8; minute += 1) await later(world, MINUTE)
    for (const taskId of tasks) {
      const task = await admin('GET /api/console/tasks/:taskId', { params: { taskId } })
      for (const push of task.pushes) expect(await cardsOf(world, 'wangwu', push.id)).toHaveLength(1)
    }
  })
})

describe('when WeCom finds us too fast', () => {
  it('one call finds out, and all wait for the minute', async () => {
    await world.wecom.fault({ path: SEND, kind: 'errcode', errcode: 45009, times: 10_000 })
    const campaigns = [await launch(world, admin)]
    await idle()
    for (let task = 0; task < 5; task += 1) campaigns.push(await launch(world, admin))
    await idle()
    const calls = async () => (await Promise.all(campaigns.map(({ pushId }) => sends(pushId)))).flat().length
    expect(await calls()).toBe(1)
    await world.wecom.up()
    await later(world, 3 * MINUTE)
    for (const { pushId } of campaigns) expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
    expect(await calls()).toBe(campaigns.length + 1)
  })
})

// Elsewhere jobs go by the clock of PostgreSQL, not of this process.
describe.skipIf(ENGINE === 'postgres')('when the clock is set back', () => {
  it('an unknown outcome goes to the administrator: how much of the four hours is left, nobody knows', async () => {
    await world.wecom.fault({ path: SEND, kind: 'drop-after' })
    const { pushId } = await launch(world, admin)
    await idle()
    await later(world, -HOUR)
    // The sweep comes by; its job would wait for an hour.
    await later(world, MINUTE)
    expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'unknown' }])
    expect(await sends(pushId)).toHaveLength(1)
  })

  it('what has certainly not been sent does not wait until the clock has caught up', async () => {
    await world.wecom.fault({ path: SEND, kind: 'errcode', errcode: -1 })
    const { pushId } = await launch(world, admin)
    await idle()
    await later(world, -HOUR)
    await later(world, MINUTE)
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
  })
})

describe('when the configuration is wrong', () => {
  const breakConfiguration = () => world.wecom.fault({ path: SEND, kind: 'errcode', errcode: 60020, times: 10_000 })
  const configurationAlerts = async () =>
    (await world.parts.db.selectFrom('messages').selectAll().where('kind', '=', 'configuration').execute()).length

  it('everything waits, an administrator is told once, and it goes on by itself when the check passes', async () => {
    await breakConfiguration()
    const before = await configurationAlerts()
    const first = await launch(world, admin)
    await idle()
    const second = await launch(world, admin)
    await idle()
    await later(world, 5 * MINUTE)
    for (const { pushId } of [first, second]) {
      expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'blocked', errcode: 60020 }])
    }
    expect(await configurationAlerts()).toBe(before + 1)
    await world.wecom.up()
    await later(world, 2 * MINUTE)
    for (const { pushId } of [first, second]) expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
  })

  it('more than two hours late an administrator confirms', async () => {
    await breakConfiguration()
    const { pushId } = await launch(world, admin)
    await idle()
    await later(world, 2 * HOUR + MINUTE)
    await world.wecom.up()
    await later(world, MINUTE)
    expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'failed' }])
    expect(await cardsOf(world, 'lisi', pushId)).toEqual([])
    const { queued } = await admin('POST /api/console/pushes/:pushId/resend', {
      params: { pushId },
      body: { userids: null },
    })
    await idle()
    expect(queued).toBe(2)
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
    expect(await cardStates(world, pushId)).toEqual({ zhangsan: 'delivered', lisi: 'delivered' })
  })
})

describe('two workers on one batch', () => {
  it('send one card, and the stale one writes nothing', async () => {
    // The first worker's answer comes late, and is an error that would mark everybody as failed.
    await world.wecom.fault({ path: SEND, kind: 'errcode', errcode: 45002, delayMs: 400 })
    const { pushId } = await launch(world, admin)
    const batch = await vi.waitFor(async () => {
      const [first] = await batchesOf(world, pushId)
      expect(first).toMatchObject({ state: 'sending' })
      return first!
    }, PATIENT)
    // A round trip of our own: by now the simulator has the first worker's call.
    await world.wecom.calls(SEND)
    await sendBatch(world.parts, batch.id, aWorker())
    await idle()
    expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'sent', attempts: 2 }])
    expect(await cardStates(world, pushId)).toEqual({ zhangsan: 'delivered', lisi: 'delivered' })
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
  })

  it('one of whom has lost his job to the other begins nothing', async () => {
    await world.wecom.fault({ path: SEND, kind: 'errcode', errcode: -1 })
    const { pushId } = await launch(world, admin)
    await idle()
    const before = await batchesOf(world, pushId)
    await sendBatch(world.parts, before[0]!.id, { ...aWorker(), stillMine: () => Promise.resolve(false) })
    expect(await batchesOf(world, pushId)).toEqual(before)
    expect(await sends(pushId)).toHaveLength(1)
  })

  it('one of whom stood still for hours before his call makes it no more: WeCom would not know it for a repeat', async () => {
    await world.wecom.fault({ path: SEND, kind: 'errcode', errcode: -1 })
    const { pushId } = await launch(world, admin)
    await idle()
    const [batch] = await batchesOf(world, pushId)
    let begun = () => {}
    let goOn = () => {}
    const beginning = new Promise<void>((resolve) => (begun = resolve))
    const pause = new Promise<void>((resolve) => (goOn = resolve))
    const { wecom } = world.parts
    const standing: typeof wecom = { ...wecom, call: (call) => (begun(), pause.then(() => wecom.call(call))) }
    const stale = sendBatch({ ...world.parts, wecom: standing }, batch!.id, aWorker())
    await beginning
    for (let minute = 0; minute < 4; minute += 1) await later(world, MINUTE)
    expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'sent' }])
    await later(world, 5 * HOUR)
    goOn()
    await stale.catch(() => undefined)
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
    expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'sent' }])
  })

  it('cannot both begin after one has finished', async () => {
    const { pushId } = await launch(world, admin)
    await idle()
    const [batch] = await batchesOf(world, pushId)
    await Promise.all([aWorker(), aWorker()].map((worker) => sendBatch(world.parts, batch!.id, worker)))
    expect(await sends(pushId)).toHaveLength(1)
  })
})
