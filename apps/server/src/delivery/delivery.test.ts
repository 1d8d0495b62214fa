import { HOUR, MINUTE, SECOND, startOfMinute } from '@qimeng/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { aPush, aTask } from '../test/builders.ts'
import { loseJobs } from '../test/jobs.ts'
import { type AdminCaller, startWorld, type World } from '../test/world.ts'
import { alertsOf, batchesOf, cardsOf, cardStates, later, launch, SEND } from './campaign.fixture.ts'

/** A machine that does other things may take its time. */
const PATIENT = { timeout: 60_000 }

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

  it('gives template cards instead where the operator chose them', async () => {
    await world.restart({ env: { MAX_EXECUTORS: '2000', CARD_KIND: 'template_card' } })
    const { pushId } = await launch(world, await world.admin('zhangsan'), { name: '新品', pushes: [now({})] })
    await idle()
    const [batch] = await batchesOf(world, pushId)
    expect((await world.wecom.messagesOf('lisi')).at(-1)).toMatchObject({
      msgtype: 'template_card',
      content: {
        main_title: { title: '朋友圈任务：新品' },
        card_action: { url: `${world.publicUrl}/m/pushes/${pushId}?b=${batch!.id}` },
      },
    })
    expect(await cardStates(world, pushId)).toEqual({ zhangsan: 'delivered', lisi: 'delivered' })
    await world.restart()
  })

  it('is split over calls of a thousand people', async () => {
    const people = (query: object) => admin('GET /api/console/people', { query })
    const thousand = await people({ limit: 1000 })
    const oneMore = await people({ limit: 1, cursor: thousand.next })
    const executors = [...thousand.rows, ...oneMore.rows].map(({ userid }) => userid)
    expect(executors).toHaveLength(1001)
    const { pushId } = await launch(world, admin, { executors })
    await idle()
    await later(world, SECOND)
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

  it('that finds nobody left goes to nobody, and the administrator is told', async () => {
    await world.wecom.hire({ userid: 'last-one', name: '最后一人', departments: [2] })
    await sync()
    const scheduledAt = startOfMinute(world.clock.now()) + HOUR
    const { taskId, pushId } = await launch(world, admin, { executors: ['last-one'], pushes: [aPush({ scheduledAt })] })
    await world.wecom.dismiss('last-one')
    await sync()
    await later(world, HOUR)
    const task = await admin('GET /api/console/tasks/:taskId', { params: { taskId } })
    expect(task).toMatchObject({ state: 'finished', pushes: [{ state: 'issued', pending: 0, done: 0 }] })
    expect(await batchesOf(world, pushId)).toEqual([])
    expect(await alertsOf(world, pushId)).toMatchObject([
      { kind: 'cards_undelivered', title: '推送「第一条」没有发给任何人', body: expect.stringContaining('都已离职') },
    ])
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
    await loseJobs(world.parts.db, 'push.issue')
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

  it('may be everybody of a call, each for a reason of his own', async () => {
    await world.wecom.hire({ userid: 'NoLicence', name: '没许可', departments: [2], licensed: false })
    await world.wecom.hire({ userid: 'GoneToo', name: '又离职', departments: [2] })
    await sync()
    await world.wecom.dismiss('GoneToo')
    const { pushId } = await launch(world, admin, { executors: ['NoLicence', 'GoneToo'] })
    await idle()
    expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'failed', errcode: 81013 }])
    expect(await cardStates(world, pushId)).toEqual({
      NoLicence: '账号没有企业微信接口许可',
      GoneToo: '账号已离职，或不在应用可见范围内',
    })
  })
})

describe('edit and delete while a push is due', () => {
  it('an edit that comes first wins whole, one that comes later is refused', async () => {
    const due = startOfMinute(world.clock.now()) + MINUTE
    const { taskId, pushId } = await launch(world, admin, { pushes: [aPush({ scheduledAt: due })] })
    const version = async () => (await admin('GET /api/console/tasks/:taskId/form', { params: { taskId } })).version
    const put = (name: string, from: number) =>
      admin('PUT /api/console/tasks/:taskId', {
        params: { taskId },
        body: { ...aTask({ name, pushes: [aPush({ scheduledAt: due })] }), version: from },
      })
    await put('改过了', await version())
    const latest = await version()
    world.clock.set(due)
    const [outcome] = await Promise.allSettled([put('太晚了', latest), idle()])
    await idle()
    const task = await admin('GET /api/console/tasks/:taskId', { params: { taskId } })
    expect(task.name).toBe(outcome.status === 'fulfilled' ? '太晚了' : '改过了')
    expect(await cardsOf(world, 'lisi', pushId)).toEqual([])
    expect(await cardsOf(world, 'lisi', task.pushes[0]!.id)).toEqual([`朋友圈任务：${task.name}`])
  })

  it('a delete waits for the call that is on the wire, so that no card follows its answer', async () => {
    await world.wecom.fault({ path: SEND, kind: 'delay', delayMs: 500 })
    const { taskId, pushId } = await launch(world, admin)
    await vi.waitFor(async () => expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'sending' }]), PATIENT)
    expect(await cardsOf(world, 'lisi', pushId)).toEqual([])
    await admin('DELETE /api/console/tasks/:taskId', { params: { taskId } })
    expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'sent', fence: null }])
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
    await idle()
    expect((await world.wecom.messagesOf('lisi')).at(-1)).toMatchObject({ recalled: true })
  })

  it('but not for one whose answer is to be asked for later', async () => {
    await world.wecom.fault({ path: SEND, kind: 'drop-after' })
    const { taskId, pushId } = await launch(world, admin)
    await idle()
    await admin('DELETE /api/console/tasks/:taskId', { params: { taskId } })
    await later(world, MINUTE)
    expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'unknown' }])
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
