import { MINUTE, startOfMinute } from '@qimeng/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { anImage, aPush } from '../test/builders.ts'
import { type AdminCaller, startWorld, type World } from '../test/world.ts'
import { alertsOf, batchesOf, cardsOf, cardStates, later, launch, SEND } from './campaign.fixture.ts'

let world: World
let admin: AdminCaller
let pushId: string

beforeAll(async () => {
  world = await startWorld()
  world.clock.set(startOfMinute(Date.now()))
})
beforeEach(async () => {
  await world.wecom.up()
  admin = await world.admin('zhangsan')
  await later(world, MINUTE)
  ;({ pushId } = await launch(world, admin, { name: '新品', executors: ['zhangsan', 'lisi', 'wangwu'] }))
  await world.parts.jobs.idle()
})
afterAll(() => world.stop())

async function remind(userids: string[] | null = null, idempotencyKey?: string) {
  const reply = await admin('POST /api/console/pushes/:pushId/reminders', {
    params: { pushId },
    body: { userids },
    ...(idempotencyKey ? { idempotencyKey } : {}),
  })
  await world.parts.jobs.idle()
  return reply
}
const report = (round: number) =>
  admin('GET /api/console/pushes/:pushId/reminders/:round', { params: { pushId, round: String(round) } })
const rowsOf = async (state: 'pending' | 'done', query: object = {}) =>
  (await admin('GET /api/console/pushes/:pushId/executions', { params: { pushId }, query: { state, ...query } })).rows

async function sync() {
  await admin('POST /api/console/directory/sync')
  await world.parts.jobs.idle()
}

async function execute(userid: string) {
  const employee = await world.employee(userid)
  const { id } = await employee('POST /api/me/images', { image: await anImage() })
  await employee('POST /api/me/pushes/:pushId/proofs', { params: { pushId }, body: { images: [id] } })
}

describe('「提醒员工执行」', () => {
  it('sends everybody who is 待执行 one card that says its round', async () => {
    await execute('wangwu')
    expect(await remind()).toEqual({ round: 1, queued: 2, skipped: 0 })
    expect(await report(1)).toEqual({ round: 1, waiting: 0, reminded: 2, failed: 0, unknown: 0 })
    expect(await cardsOf(world, 'lisi', pushId)).toEqual(['朋友圈任务：新品', '第 1 次提醒：新品'])
    expect(await cardsOf(world, 'wangwu', pushId)).toEqual(['朋友圈任务：新品'])
    const [row] = await rowsOf('pending', { keyword: 'lisi' })
    expect(row).toMatchObject({ name: '李四', reminders: 1, lastRemindedAt: world.clock.now(), cardState: 'delivered' })
  })

  it('counts rounds per push, not per person', async () => {
    await remind(['lisi'])
    expect(await remind(['wangwu'])).toEqual({ round: 2, queued: 1, skipped: 0 })
    expect(await cardsOf(world, 'wangwu', pushId)).toEqual(['朋友圈任务：新品', '第 2 次提醒：新品'])
  })

  it('skips those reminded less than ten minutes ago', async () => {
    await remind(['lisi'])
    await later(world, 9 * MINUTE)
    expect(await remind(['lisi'])).toEqual({ round: null, queued: 0, skipped: 1 })
    expect(await remind()).toEqual({ round: 2, queued: 2, skipped: 1 })
    await later(world, MINUTE)
    expect(await remind(['lisi'])).toEqual({ round: 3, queued: 1, skipped: 0 })
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(3)
  })

  it('never reminds a person who has executed, nor a stranger; neither of them counts as skipped', async () => {
    await execute('lisi')
    expect(await remind(['lisi', 'zhaoliu'])).toEqual({ round: null, queued: 0, skipped: 0 })
    expect(await remind(['lisi', 'wangwu', 'wangwu'])).toEqual({ round: 1, queued: 1, skipped: 0 })
    expect(await remind(['wangwu', 'wangwu', 'zhaoliu'])).toEqual({ round: null, queued: 0, skipped: 1 })
  })

  it('never reminds a person who has left since', async () => {
    const userid = `leaver-${pushId}`
    await world.wecom.hire({ userid, name: '离职者', departments: [2] })
    await sync()
    ;({ pushId } = await launch(world, admin, { executors: ['lisi', userid] }))
    await world.parts.jobs.idle()
    await world.wecom.dismiss(userid)
    await sync()
    expect(await remind([userid])).toEqual({ round: null, queued: 0, skipped: 0 })
    expect(await remind()).toEqual({ round: 1, queued: 1, skipped: 0 })
  })

  it('counts whom no call can name as failed', async () => {
    // WeCom gives nobody such an id; should it ever, `@all` must not become everybody.
    const userid = `@${pushId}`
    const employees = world.parts.db.selectFrom('employees').selectAll().where('userid', '=', 'lisi')
    const somebody = await employees.executeTakeFirstOrThrow()
    await world.parts.db
      .insertInto('employees')
      .values({ ...somebody, userid })
      .execute()
    ;({ pushId } = await launch(world, admin, { executors: ['lisi', userid] }))
    await world.parts.jobs.idle()
    expect(await remind()).toEqual({ round: 1, queued: 1, skipped: 0 })
    expect(await report(1)).toEqual({ round: 1, waiting: 0, reminded: 1, failed: 1, unknown: 0 })
    expect(await rowsOf('pending', { keyword: userid })).toMatchObject([{ reminders: 0, lastRemindedAt: null }])
    expect(await remind([userid])).toEqual({ round: 2, queued: 0, skipped: 0 })
    expect(await report(2)).toMatchObject({ waiting: 0, failed: 1 })
  })

  it('is one round, however often the button was pressed', async () => {
    const [first, second] = await Promise.all([remind(null, `k-${pushId}`), remind(null, `k-${pushId}`)])
    expect(second).toEqual(first)
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(2)
  })

  it('does not count for whom WeCom did not reach, who can be reminded again at once', async () => {
    await world.wecom.fault({ path: SEND, kind: 'errcode', errcode: 81013 })
    await remind(['lisi'])
    expect(await report(1)).toEqual({ round: 1, waiting: 0, reminded: 0, failed: 1, unknown: 0 })
    expect(await rowsOf('pending', { keyword: 'lisi' })).toMatchObject([
      { reminders: 0, lastRemindedAt: null, cardState: 'delivered' },
    ])
    expect(await remind(['lisi'])).toEqual({ round: 2, queued: 1, skipped: 0 })
  })

  it('keeps count and time of an earlier round when a later one failed', async () => {
    await remind(['lisi'])
    const firstAt = world.clock.now()
    await later(world, 10 * MINUTE)
    await world.wecom.fault({ path: SEND, kind: 'errcode', errcode: 81013 })
    await remind(['lisi'])
    expect(await report(2)).toMatchObject({ failed: 1 })
    expect(await rowsOf('pending', { keyword: 'lisi' })).toMatchObject([{ reminders: 1, lastRemindedAt: firstAt }])
  })

  it('does not pile up while WeCom is away: whose reminder still waits gets no second one', async () => {
    await world.wecom.fault({ path: SEND, kind: 'drop-before', times: 1_000 })
    expect(await remind(['lisi'])).toMatchObject({ round: 1, queued: 1 })
    for (let press = 0; press < 3; press += 1) {
      await later(world, 10 * MINUTE)
      expect(await remind(['lisi'])).toEqual({ round: null, queued: 0, skipped: 1 })
    }
    await world.wecom.up()
    await later(world, 3 * MINUTE)
    expect(await cardsOf(world, 'lisi', pushId)).toEqual(['朋友圈任务：新品', '第 1 次提醒：新品'])
    expect(await remind(['lisi'])).toMatchObject({ round: 2, queued: 1 })
  })

  it('spares whoever executes while the reminder waits for WeCom', async () => {
    await world.wecom.fault({ path: SEND, kind: 'errcode', errcode: -1, times: 2 })
    await remind(['lisi', 'wangwu'])
    await execute('lisi')
    await later(world, MINUTE)
    await execute('wangwu')
    await later(world, MINUTE)
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
    expect(await cardsOf(world, 'wangwu', pushId)).toHaveLength(1)
    expect(await report(1)).toEqual({ round: 1, waiting: 0, reminded: 0, failed: 0, unknown: 0 })
    expect((await rowsOf('done')).map(({ reminders }) => reminders)).toEqual([0, 0])
    expect(await alertsOf(world, pushId)).toEqual([])
  })

  it('shows a round on its way as waiting', async () => {
    await world.wecom.fault({ path: SEND, kind: 'errcode', errcode: -1 })
    await remind(['lisi'])
    expect(await report(1)).toMatchObject({ waiting: 1, reminded: 0 })
    await later(world, MINUTE)
    expect(await report(1)).toMatchObject({ waiting: 0, reminded: 1 })
    await expect(report(2)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is refused before the issue, and for a deleted task', async () => {
    const scheduledAt = startOfMinute(world.clock.now()) + MINUTE
    const planned = await launch(world, admin, { pushes: [aPush({ scheduledAt })] })
    pushId = planned.pushId
    await expect(remind()).rejects.toMatchObject({ code: 'conflict', status: 409 })
    await admin('DELETE /api/console/tasks/:taskId', { params: { taskId: planned.taskId } })
    await expect(remind()).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('sending a card again', () => {
  it('goes to those alone whose card failed or is unknown, as a card unlike the first', async () => {
    await world.wecom.hire({ userid: `new-${pushId}`, name: '新人', departments: [2], licensed: false })
    await sync()
    ;({ pushId } = await launch(world, admin, { executors: ['lisi', `new-${pushId}`] }))
    await world.parts.jobs.idle()
    const [failed] = await rowsOf('pending', { keyword: '新人' })
    expect(failed).toMatchObject({ cardState: 'failed', cardReason: '账号没有企业微信接口许可' })
    await world.wecom.change(failed!.userid, { licensed: true })

    const resend = (userids: string[] | null) =>
      admin('POST /api/console/pushes/:pushId/resend', { params: { pushId }, body: { userids } })
    expect(await resend(['lisi'])).toEqual({ queued: 0 })
    expect(await resend(null)).toEqual({ queued: 1 })
    await world.parts.jobs.idle()
    expect(await cardStates(world, pushId)).toEqual({ lisi: 'delivered', [failed!.userid]: 'delivered' })
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
    expect(await cardsOf(world, failed!.userid, pushId)).toHaveLength(1)
    expect(await batchesOf(world, pushId)).toMatchObject([
      { kind: 'card' },
      { kind: 'resend', requestedBy: 'zhangsan' },
    ])
  })
})

describe('the two lists', () => {
  it('are searched by name and department, and page', async () => {
    await execute('lisi')
    expect(await rowsOf('done')).toMatchObject([{ userid: 'lisi', proofImages: 1, executedAt: world.clock.now() }])
    expect((await rowsOf('pending')).map(({ userid }) => userid)).toEqual(['wangwu', 'zhangsan'])
    expect(await rowsOf('pending', { keyword: 'zs' })).toMatchObject([{ userid: 'zhangsan' }])
    const { departments } = await admin('GET /api/console/departments')
    const { departmentId } = await world.parts.db
      .selectFrom('departmentMembers')
      .select('departmentId')
      .where('userid', '=', 'wangwu')
      .executeTakeFirstOrThrow()
    expect(departments.map(({ id }) => id)).toContain(departmentId)
    expect((await rowsOf('pending', { departmentId })).map(({ userid }) => userid)).toContain('wangwu')
    expect(await rowsOf('pending', { departmentId: 999_999 })).toEqual([])
    const page = (cursor?: string) =>
      admin('GET /api/console/pushes/:pushId/executions', {
        params: { pushId },
        query: { state: 'pending', limit: 1, ...(cursor ? { cursor } : {}) },
      })
    const first = await page()
    expect(first).toMatchObject({ total: 2, rows: [{ userid: 'wangwu' }] })
    expect((await page(first.next!)).rows).toMatchObject([{ userid: 'zhangsan' }])
  })
})
