import { DAY, MINUTE, startOfMinute } from '@qimeng/contract/time'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { TABLE_KEYS, type TableName } from '../../db/tables.ts'
import { launch } from '../../delivery/campaign.fixture.ts'
import { aLink, anImage, aPush } from '../../test/builders.ts'
import { catalogueOf } from '../../test/catalogue.ts'
import { type AdminCaller, type EmployeeCaller, startWorld, type World } from '../../test/world.ts'
import { sweepHouse } from '../housekeeping.ts'

let world: World
let admin: AdminCaller
let lisi: EmployeeCaller
beforeEach(async () => {
  world = await startWorld({ env: { KEEP_TASKS_DAYS: '400', KEEP_PROOFS_DAYS: '90' } })
  world.clock.set(startOfMinute(Date.now()))
  admin = await world.admin('zhangsan')
  lisi = await world.employee('lisi')
})
afterEach(() => world.stop())

const sweep = () => sweepHouse(world.parts)
async function later(days: number) {
  world.clock.advance(days * DAY)
  await sweep()
  // Nobody's session lasts that long.
  admin = await world.admin('zhangsan')
  lisi = await world.employee('lisi')
}

const blobs = async () => {
  const keys: string[] = []
  for await (const key of world.parts.blobs.list('')) keys.push(key)
  return keys.map((key) => key.slice(key.lastIndexOf('/') + 1))
}
const screenshot = async (colour: string) =>
  (await lisi('POST /api/me/images', { image: await anImage({ colour }), idempotencyKey: colour })).id
const prove = (pushId: string, images: string[]) =>
  lisi('POST /api/me/pushes/:pushId/proofs', { params: { pushId }, body: { images } })
const proofsOf = async (pushId: string) =>
  (await admin('GET /api/console/pushes/:pushId/proofs/:userid', { params: { pushId, userid: 'lisi' } })).versions
const deeds = async () =>
  (await admin('GET /api/console/audit', { query: { limit: 50 } })).rows.map((row) => `${row.actor} ${row.about}`)

/** Tables that are about no task. */
const OTHERS: TableName[] = [
  ...(['installation', 'employees', 'departments', 'departmentMembers', 'directorySyncs', 'formerUserids'] as const),
  ...(['admins', 'sessions', 'oauthStates', 'auditLog', 'recentMessages', 'wecomTokens', 'callbackEvents'] as const),
  ...(['idempotencyKeys', 'copyMarks', 'moves', 'rateLimits', 'jobs', 'callCounts'] as const),
]
const rowsLeft = async () => {
  const tables = (Object.keys(TABLE_KEYS) as TableName[]).filter((table) => !OTHERS.includes(table))
  const counts = await Promise.all(
    tables.map(
      async (table) => [table, (await world.parts.db.selectFrom(table).selectAll().execute()).length] as const,
    ),
  )
  return Object.fromEntries(counts.filter(([table, rows]) => rows > 0 && table !== 'taskCounts'))
}

/** A task with everything a task can have: pictures, a link's cover, a card, a reminder, a proof, an export. */
async function wholeTask() {
  const picture = await admin('POST /api/console/images', { image: await anImage(), idempotencyKey: 'picture' })
  const cover = await admin('POST /api/console/images', {
    ...{ image: await anImage({ colour: '#aa0000' }), idempotencyKey: 'cover', query: { purpose: 'cover' } },
  })
  const scheduledAt = startOfMinute(world.clock.now())
  const pushes = [
    aPush({ scheduledAt, images: [picture.id] }),
    aPush({ scheduledAt, name: '第二条', link: aLink({ coverId: cover.id }) }),
  ]
  const { taskId, pushId } = await launch(world, admin, { pushes })
  await world.parts.jobs.idle()
  await prove(pushId, [await screenshot('#00aa00')])
  await admin('POST /api/console/pushes/:pushId/reminders', { params: { pushId }, body: { userids: null } })
  await admin('POST /api/console/pushes/:pushId/exports', { params: { pushId }, body: { state: 'done' } })
  await world.parts.jobs.idle()
  await admin('POST /api/console/messages/read', { body: { ids: null } })
  return { taskId, pushId, picture }
}

test('nothing is erased by its age unless an age is configured', async () => {
  await world.restart({ env: {} })
  const { taskId } = await wholeTask()
  const before = await rowsLeft()
  await later(4_000)
  expect(await rowsLeft()).toEqual(before)
  expect(await admin('GET /api/console/tasks/:taskId', { params: { taskId } })).toMatchObject({ state: 'finished' })
})

describe('proofs', () => {
  test('lose their pictures when they are old enough; that they were there stays', async () => {
    const { pushId } = await launch(world, admin)
    await world.parts.jobs.idle()
    const [first, both] = [await screenshot('#111111'), await screenshot('#222222')]
    await prove(pushId, [first, both])
    await later(60)
    const second = await screenshot('#333333')
    await prove(pushId, [both, second])
    await later(31)

    expect(await proofsOf(pushId)).toMatchObject([
      { version: 2, erasedAt: null, images: [{ id: both }, { id: second }] },
      { version: 1, erasedAt: expect.any(Number), images: [] },
    ])
    expect(new Set(await blobs())).toEqual(new Set([both, second]))

    await later(60)
    expect((await proofsOf(pushId)).map(({ images }) => images)).toEqual([[], []])
    expect(await blobs()).toEqual([])
    const list = { params: { pushId }, query: { state: 'done' as const, limit: 20 } }
    expect((await admin('GET /api/console/pushes/:pushId/executions', list)).rows).toMatchObject([
      { userid: 'lisi', proofImages: 0, proofErased: true },
    ])
    expect(await lisi('GET /api/me/pushes/:pushId', { params: { pushId } })).toMatchObject({
      state: 'done',
      proof: { version: 2, images: [], erasedAt: expect.any(Number) },
    })
    expect(await deeds()).toEqual(expect.arrayContaining(['系统 1 份凭证']))
  })

  test('can be sent again, as the next version', async () => {
    const { pushId } = await launch(world, admin)
    await world.parts.jobs.idle()
    await prove(pushId, [await screenshot('#111111')])
    await later(91)
    await prove(pushId, [await screenshot('#222222')])
    expect((await proofsOf(pushId)).map(({ version, erasedAt }) => [version, erasedAt === null])).toEqual([
      [2, true],
      [1, false],
    ])
  })
})

describe('tasks', () => {
  test('go with all that belongs to them, and the log keeps what was done to them', async () => {
    const { taskId, pushId } = await wholeTask()
    await later(399)
    expect(await admin('GET /api/console/tasks/:taskId', { params: { taskId } })).toMatchObject({ state: 'finished' })
    await later(2)
    expect(await rowsLeft()).toEqual({})
    expect(await blobs()).toEqual([])
    await expect(admin('GET /api/console/tasks/:taskId', { params: { taskId } })).rejects.toMatchObject({ status: 404 })
    await expect(lisi('GET /api/me/pushes/:pushId', { params: { pushId } })).rejects.toMatchObject({ status: 404 })
    const query = { sort: 'newest' as const, limit: 20 }
    expect(await admin('GET /api/console/tasks', { query })).toMatchObject({ total: 0, rows: [] })
    const { stored, derived } = await catalogueOf(world.parts.db)
    expect(stored).toEqual(derived)
    expect(await deeds()).toEqual(expect.arrayContaining(['系统 1 个任务', '张三 秋季新品上市']))
  })

  test('stay while anything about them is younger, or still to come', async () => {
    const { pushId: proven } = await launch(world, admin, { name: '后来补交凭证' })
    const { pushId: reminded } = await launch(world, admin, { name: '后来提醒' })
    const scheduledAt = startOfMinute(world.clock.now())
    const pushes = [aPush({ scheduledAt }), aPush({ scheduledAt: scheduledAt + 300 * DAY })]
    await launch(world, admin, { name: '还有一条推送', pushes })
    await launch(world, admin, { name: '早已结束' })
    await world.parts.jobs.idle()
    await later(300)
    await world.parts.jobs.idle()
    await prove(proven, [await screenshot('#111111')])
    await admin('POST /api/console/pushes/:pushId/reminders', { params: { pushId: reminded }, body: { userids: null } })
    await world.parts.jobs.idle()
    await later(101)
    const names = async () =>
      (await admin('GET /api/console/tasks', { query: { sort: 'newest', limit: 20 } })).rows.map(({ name }) => name)
    expect(new Set(await names())).toEqual(new Set(['后来补交凭证', '后来提醒', '还有一条推送']))

    // A call that is under way.
    const dueAt = world.clock.now() + MINUTE
    const underWay = { state: 'sending', dueAt } as const
    await world.parts.db.updateTable('batches').set(underWay).where('pushId', '=', reminded).execute()
    const inAYear = world.clock.now() + 401 * DAY
    await sweepHouse({ ...world.parts, clock: { now: () => inAYear } })
    admin = await world.admin('zhangsan')
    expect(await names()).toEqual(['后来提醒'])
  })

  test('that were deleted go as long after that', async () => {
    const { taskId } = await wholeTask()
    await later(300)
    await admin('DELETE /api/console/tasks/:taskId', { params: { taskId } })
    await later(399)
    expect((await rowsLeft())['tasks']).toBe(1)
    await later(2)
    expect(await rowsLeft()).toEqual({})
  })

  test('leave the pictures to those that were copied from them', async () => {
    const { picture } = await wholeTask()
    await later(300)
    const { taskId, pushId } = await launch(world, admin, {
      name: '复制的任务',
      pushes: [aPush({ scheduledAt: startOfMinute(world.clock.now()), images: [picture.id] })],
    })
    await later(101)
    expect(await world.parts.db.selectFrom('tasks').select('id').execute()).toEqual([{ id: taskId }])
    const { images } = await lisi('GET /api/me/pushes/:pushId', { params: { pushId } })
    expect(images.map(({ id }) => id)).toEqual([picture.id])
    expect((await lisi.browser.get(images[0]!.full)).status).toBe(200)
    expect(new Set(await blobs())).toEqual(new Set([picture.id]))
  })

  test('whose erasing was cut off at any moment are seen by nobody, and the next sweep goes on', async () => {
    world.expectErrors()
    // The server's own sweep leaves it alone.
    await world.restart({ env: {} })
    const { taskId, pushId } = await wholeTask()
    world.clock.advance(401 * DAY)
    const config = { ...world.parts.config, keep: { tasks: 400 * DAY, proofs: null } }
    const whole = await rowsLeft()
    const { db } = world.parts
    const logIn = async () => {
      admin = await world.admin('zhangsan')
      lisi = await world.employee('lisi')
    }
    // The server dies before its first, second, third … transaction.
    for (let before = 0, dead = true; dead; before++) {
      let left = before
      dead = false
      const transaction = () => {
        dead ||= left-- === 0
        if (dead) throw new Error('killed')
        return db.transaction()
      }
      const dying = new Proxy(db, {
        get(target, name) {
          if (name === 'transaction') return transaction
          const value: unknown = Reflect.get(target, name, target)
          return typeof value === 'function' ? (value.bind(target) as unknown) : value
        },
      })
      await sweepHouse({ ...world.parts, config, db: dying })
      await logIn()
      const { total } = await admin('GET /api/console/tasks', { query: { sort: 'newest', limit: 20 } })
      if (total === 1) {
        expect(await rowsLeft()).toEqual(whole)
        continue
      }
      await expect(admin('GET /api/console/tasks/:taskId', { params: { taskId } })).rejects.toMatchObject({
        status: 404,
      })
      await expect(lisi('GET /api/me/pushes/:pushId', { params: { pushId } })).rejects.toMatchObject({
        code: expect.stringMatching(/^(task_deleted|not_found)$/),
      })
    }
    expect(await rowsLeft()).toEqual({})
    expect((await deeds()).filter((line) => line.startsWith('系统'))).toEqual(['系统 1 个任务'])
  })
})
