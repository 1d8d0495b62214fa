import { HOUR, MINUTE, startOfMinute } from '@qimeng/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { aPush, aTask } from '../test/builders.ts'
import { type AdminCaller, startWorld, type World } from '../test/world.ts'
import { alertsOf, aWorker, batchesOf, cardsOf, cardStates, later, launch, SEND } from './campaign.fixture.ts'
import { sendBatch } from './send.ts'

let world: World
let admin: AdminCaller

beforeAll(async () => {
  world = await startWorld({ people: 1100, env: { MAX_EXECUTORS: '2000' } })
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

describe('a due push', () => {
  it('gives everybody one card that opens it', async () => {
    const { taskId, pushId } = await launch(world, admin, { name: '新品', pushes: [now({ name: '第一条' })] })
    await idle()
    const [batch] = await batchesOf(world, pushId)
    for (const userid of ['zhangsan', 'lisi']) {
      const [card] = (await world.wecom.messagesOf(userid)).slice(-1)
      expect(card).toMatchObject({
        msgtype: 'textcard',
        content: {
          title: '朋友圈任务：新品',
          btntxt: '任务详情',
          url: `${world.publicUrl}/m/pushes/${pushId}?b=${batch!.id}`,
        },
      })
    }
    expect(await cardStates(world, pushId)).toEqual({ zhangsan: 'delivered', lisi: 'delivered' })
    expect(batch).toMatchObject({ state: 'sent', attempts: 1, kind: 'card', round: 0, firstAmbiguousAt: null })
    const task = await admin('GET /api/console/tasks/:taskId', { params: { taskId } })
    expect(task.pushes).toMatchObject([
      { state: 'issued', late: false, pending: 2, done: 0, cards: { delivered: 2, sending: 0, failed: 0, unknown: 0 } },
    ])
  })

  it('is split over calls of a thousand people', async () => {
    const people = (query: object) => admin('GET /api/console/people', { query })
    const thousand = await people({ limit: 1000 })
    const oneMore = await people({ limit: 1, cursor: thousand.next })
    const executors = [...thousand.rows, ...oneMore.rows].map(({ userid }) => userid)
    expect(executors).toHaveLength(1001)
    const { pushId } = await launch(world, admin, { executors })
    await idle()
    const batches = await batchesOf(world, pushId)
    expect(batches.map(({ recipients }) => (JSON.parse(recipients) as string[]).length)).toEqual([1000, 1])
    expect(batches.flatMap(({ recipients }) => JSON.parse(recipients) as string[]).sort()).toEqual(executors.sort())
    expect(new Set(Object.values(await cardStates(world, pushId)))).toEqual(new Set(['delivered']))
  })

  it('is not for those who have left, who are listed apart', async () => {
    await world.wecom.hire({ userid: 'soon-gone', name: '将离职', departments: [2] })
    await sync()
    const scheduledAt = startOfMinute(world.clock.now()) + HOUR
    const { taskId, pushId } = await launch(world, admin, {
      executors: ['lisi', 'soon-gone'],
      pushes: [aPush({ scheduledAt })],
    })
    await world.wecom.dismiss('soon-gone')
    await sync()
    await later(world, HOUR)
    expect(await cardStates(world, pushId)).toEqual({ lisi: 'delivered' })
    const task = await admin('GET /api/console/tasks/:taskId', { params: { taskId } })
    expect(task.left).toMatchObject([{ userid: 'soon-gone', name: '将离职', active: false }])
  })

  it('is never sent before its minute', async () => {
    const scheduledAt = startOfMinute(world.clock.now()) + 2 * MINUTE
    const { pushId } = await launch(world, admin, { pushes: [aPush({ scheduledAt })] })
    world.clock.set(scheduledAt - 1)
    await idle()
    expect(await cardsOf(world, 'lisi', pushId)).toEqual([])
    await later(world, 1)
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
  })

  it('is found by the sweep when its job was lost', async () => {
    const scheduledAt = startOfMinute(world.clock.now()) + MINUTE
    const { pushId } = await launch(world, admin, { pushes: [aPush({ scheduledAt })] })
    await world.parts.db.deleteFrom('jobs').where('key', '=', `push:${pushId}`).execute()
    await later(world, 3 * MINUTE)
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
  })
})

describe('people WeCom does not reach', () => {
  it('are told from the others, in whatever case WeCom names them, and the message centre says how many', async () => {
    await world.wecom.hire({ userid: 'WangXiaoMing', name: '王小明', departments: [2], licensed: false })
    await world.wecom.hire({ userid: 'LeftToday', name: '今日离职', departments: [2] })
    await sync()
    await world.wecom.dismiss('LeftToday')
    const { pushId } = await launch(world, admin, { executors: ['lisi', 'WangXiaoMing', 'LeftToday'] })
    await idle()
    expect(await cardStates(world, pushId)).toEqual({
      lisi: 'delivered',
      WangXiaoMing: '账号没有企业微信接口许可',
      LeftToday: '账号已离职，或不在应用可见范围内',
    })
    expect(await alertsOf(world, pushId)).toMatchObject([
      { kind: 'cards_undelivered', title: '2 人可能没有收到任务卡片' },
    ])
  })

  it('may be everybody of a call (81013)', async () => {
    await world.wecom.hire({ userid: 'also-gone', name: '也离职', departments: [2] })
    await sync()
    await world.wecom.dismiss('also-gone')
    const { pushId } = await launch(world, admin, { executors: ['also-gone'] })
    await idle()
    expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'failed', errcode: 81013 }])
    expect(await cardStates(world, pushId)).toEqual({ 'also-gone': '账号已离职，或不在应用可见范围内' })
  })
})

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
    await world.wecom.fault({ path: '*', kind: 'drop-before', times: 10_000 })
    const { pushId } = await launch(world, admin)
    for (let minute = 0; minute < 60; minute += 1) await later(world, MINUTE)
    expect((await sends(pushId)).length).toBeLessThan(70)
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
    })
    // A round trip of our own: by now the simulator has the first worker's call.
    await world.wecom.calls(SEND)
    await sendBatch(world.parts, batch.id, aWorker())
    await idle()
    expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'sent', attempts: 2 }])
    expect(await cardStates(world, pushId)).toEqual({ zhangsan: 'delivered', lisi: 'delivered' })
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
  })

  it('cannot both begin after one has finished', async () => {
    const { pushId } = await launch(world, admin)
    await idle()
    const [batch] = await batchesOf(world, pushId)
    await Promise.all([aWorker(), aWorker()].map((worker) => sendBatch(world.parts, batch!.id, worker)))
    expect(await sends(pushId)).toHaveLength(1)
  })
})

describe('edit and delete while a push is due', () => {
  it('an edit that comes first wins whole, one that comes later is refused', async () => {
    const due = startOfMinute(world.clock.now()) + MINUTE
    const { taskId, pushId } = await launch(world, admin, { pushes: [aPush({ scheduledAt: due })] })
    const put = (name: string) =>
      admin('PUT /api/console/tasks/:taskId', {
        params: { taskId },
        body: aTask({ name, pushes: [aPush({ scheduledAt: due })] }),
      })
    await put('改过了')
    world.clock.set(due)
    const [outcome] = await Promise.allSettled([put('太晚了'), idle()])
    await idle()
    const task = await admin('GET /api/console/tasks/:taskId', { params: { taskId } })
    expect(task.name).toBe(outcome.status === 'fulfilled' ? '太晚了' : '改过了')
    expect(await cardsOf(world, 'lisi', pushId)).toEqual([])
    expect(await cardsOf(world, 'lisi', task.pushes[0]!.id)).toEqual([`朋友圈任务：${task.name}`])
  })

  it('after a delete was acknowledged nothing is sent, neither a due push nor a waiting batch', async () => {
    await world.wecom.fault({ path: SEND, kind: 'errcode', errcode: -1 })
    const waiting = await launch(world, admin)
    await idle()
    expect(await batchesOf(world, waiting.pushId)).toMatchObject([{ state: 'ready' }])
    const due = await launch(world, admin, {
      pushes: [aPush({ scheduledAt: startOfMinute(world.clock.now()) + MINUTE })],
    })
    for (const { taskId } of [waiting, due]) await admin('DELETE /api/console/tasks/:taskId', { params: { taskId } })
    await later(world, 5 * MINUTE)
    expect(await batchesOf(world, waiting.pushId)).toMatchObject([{ state: 'failed', error: '任务已删除，没有发送' }])
    expect(await batchesOf(world, due.pushId)).toEqual([])
    for (const { pushId } of [waiting, due]) {
      expect(await cardsOf(world, 'lisi', pushId)).toEqual([])
      expect(await alertsOf(world, pushId)).toEqual([])
    }
  })
})

const now = (change: Parameters<typeof aPush>[0]) => aPush({ scheduledAt: startOfMinute(world.clock.now()), ...change })

async function sync() {
  await admin('POST /api/console/directory/sync')
  await idle()
}
