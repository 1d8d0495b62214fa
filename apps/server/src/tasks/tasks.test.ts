import { type ApiError, HOUR, MINUTE, type NewTask, startOfMinute } from '@qimeng/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aLink, anImage, aPush, aTask } from '../test/builders.ts'
import { pendingJobs } from '../test/jobs.ts'
import { type AdminCaller, startWorld, type World } from '../test/world.ts'

let world: World
let admin: AdminCaller

beforeAll(async () => {
  world = await startWorld({ admins: ['zhangsan', 'lisi'], env: { MAX_EXECUTORS: '3' } })
  admin = await world.admin('zhangsan')
  // Stands still, so that no test straddles two minutes.
  world.clock.set(startOfMinute(Date.now()) + 20_000)
})
afterAll(() => world.stop())

const thisMinute = () => startOfMinute(world.clock.now())
const inAnHour = () => thisMinute() + HOUR
const create = async (change: Partial<NewTask> = {}) =>
  (await admin('POST /api/console/tasks', { body: aTask(change) })).id
const view = (taskId: string) => admin('GET /api/console/tasks/:taskId', { params: { taskId } })
const form = (taskId: string) => admin('GET /api/console/tasks/:taskId/form', { params: { taskId } })
/** Sends a task as the form does that was opened just now, or when the task was at `version`. */
const update = async (taskId: string, plan: NewTask, version?: number) =>
  admin('PUT /api/console/tasks/:taskId', {
    params: { taskId },
    body: { ...plan, version: version ?? (await form(taskId)).version },
  })
const remove = (taskId: string) => admin('DELETE /api/console/tasks/:taskId', { params: { taskId } })
const names = async (query: Record<string, unknown>) =>
  (await admin('GET /api/console/tasks', { query })).rows.map(({ name }) => name)

/** What the server says no with. */
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: ApiError) => ({ code: error.code, status: error.status, issues: error.issues }),
  )

/** A task one push of which is due now, and has gone out when this returns. */
async function issued(change: Partial<NewTask> = {}) {
  const id = await create({ pushes: [aPush({ scheduledAt: thisMinute() })], ...change })
  await world.parts.jobs.idle()
  return id
}

describe('a new task', () => {
  it('comes back as it was typed', async () => {
    const upload = async (colour: string) =>
      (await admin('POST /api/console/images', { image: await anImage({ colour }) })).id
    const images = [await upload('#f00'), await upload('#0f0')]
    const cover = await admin('POST /api/console/images', { image: await anImage(), query: { purpose: 'cover' } })
    const task = aTask({
      name: '双十一[庆祝]',
      executors: ['lisi', 'zhangsan'],
      sendScope: 'all',
      hint: '两边都发',
      pushes: [
        aPush({ name: '图', text: '看图👨‍👩‍👧‍👦', images }),
        aPush({ name: '链接', text: '看链接', link: aLink({ coverId: cover.id }) }),
      ],
    })
    const id = await create(task)

    const { version, ...opened } = await form(id)
    expect(version).toBe((await view(id)).createdAt)
    expect({
      ...opened,
      executors: opened.executors.map(({ userid }) => userid),
      pushes: opened.pushes.map((push) => ({
        ...push,
        images: push.images.map((image) => image.id),
        link: push.link && { ...push.link, cover: undefined, coverId: push.link.cover?.id },
      })),
    }).toEqual({ ...task, id, editable: true })
    expect(await view(id)).toMatchObject({
      createdBy: { userid: 'zhangsan', name: '张三' },
      state: 'not_started',
      executors: 2,
      left: [],
      pushes: [{ state: 'scheduled', pending: 0, done: 0 }, { state: 'scheduled' }],
    })
  })

  it('is one, however often the request with its key is repeated', async () => {
    const body = aTask({ name: '只有一个' })
    const once = () => admin('POST /api/console/tasks', { body, idempotencyKey: 'one-task' })
    const replies = await Promise.all([once(), once()])
    replies.push(await once())
    expect(new Set(replies.map(({ id }) => id)).size).toBe(1)
    expect(await names({ keyword: '只有一个' })).toHaveLength(1)
  })

  it('is refused whole, with each problem at its field', async () => {
    const before = await names({})
    expect(
      await refusal(
        create({
          executors: ['zhangsan', 'nobody', 'lisi', 'wangwu'],
          pushes: [aPush(), aPush({ scheduledAt: thisMinute() - MINUTE })],
        }),
      ),
    ).toEqual({
      code: 'invalid',
      status: 422,
      issues: [
        { path: ['executors'], message: '执行员工最多 3 人' },
        { path: ['executors'], message: 'nobody已离职或不在应用可见范围内，请移除' },
        { path: ['pushes', 1, 'scheduledAt'], message: '推送时间不能早于当前时间' },
      ],
    })
    expect(await refusal(create({ pushes: [aPush({ images: ['no-such-image'] })] }))).toMatchObject({
      code: 'invalid',
      issues: [{ path: ['pushes', 0, 'images', 0] }],
    })
    expect(await names({})).toEqual(before)
  })
})

describe('an edit', () => {
  it('replaces executors and pushes, and the old minute is forgotten', async () => {
    const id = await create({ name: '改前' })
    const [old] = (await view(id)).pushes
    await update(id, aTask({ name: '改后', executors: ['wangwu'], pushes: [aPush({ name: '新' }), aPush()] }))
    const task = await view(id)
    expect(task).toMatchObject({ name: '改后', executors: 1, pushes: [{ name: '新' }, {}] })
    const keys = (await pendingJobs(world.parts.db)).map(({ key }) => key)
    expect(keys).not.toContain(`push:${old!.id}`)
    expect(keys).toEqual(expect.arrayContaining(task.pushes.map(({ id: pushId }) => `push:${pushId}`)))
  })

  it('lets go of the pictures that nothing shows any more', async () => {
    const upload = async (purpose: 'content' | 'cover') =>
      (await admin('POST /api/console/images', { image: await anImage(), query: { purpose } })).id
    const [kept, shared, dropped] = [await upload('content'), await upload('content'), await upload('content')]
    const [keptCover, sharedCover, droppedCover] = [await upload('cover'), await upload('cover'), await upload('cover')]
    const covered = (coverId: string) => aPush({ link: aLink({ coverId }) })
    const id = await create({
      pushes: [aPush({ images: [kept, shared, dropped] }), ...[keptCover, sharedCover, droppedCover].map(covered)],
    })
    await create({ pushes: [aPush({ images: [shared] }), covered(sharedCover)] })
    await update(id, aTask({ pushes: [aPush({ images: [kept] }), covered(keptCover)] }))
    const unused = await world.parts.db.selectFrom('images').select('id').where('attachedAt', 'is', null).execute()
    expect(unused.map((image) => image.id).sort()).toEqual([dropped, droppedCover].sort())
  })

  it('is refused once a push is issued, whatever the page shows', async () => {
    const id = await issued({ name: '已下达' })
    expect(await view(id)).toMatchObject({ state: 'finished', editable: false })
    expect(await refusal(update(id, aTask()))).toMatchObject({ code: 'conflict', status: 409 })
    expect((await view(id)).name).toBe('已下达')
  })

  it('is judged by the same rules as a new task, and changes nothing when refused', async () => {
    const id = await create({ name: '不变' })
    expect(await refusal(update(id, aTask({ name: '变', pushes: [aPush({ scheduledAt: 0 })] })))).toMatchObject({
      code: 'invalid',
    })
    expect(await view(id)).toMatchObject({ name: '不变', pushes: [{ state: 'scheduled' }] })
  })

  it('is refused when somebody else was faster, within the same millisecond too', async () => {
    const id = await create({ name: '原来' })
    const { version } = await form(id)
    await update(id, aTask({ name: '甲改的' }), version)
    expect(await refusal(update(id, aTask({ name: '乙改的' }), version))).toMatchObject({ code: 'stale', status: 409 })
    expect((await view(id)).name).toBe('甲改的')
    const again = await form(id)
    expect(again.version).toBeGreaterThan(version)
    await update(id, aTask({ name: '乙再改的' }), again.version)
    expect((await view(id)).name).toBe('乙再改的')
  })

  it('of a task that is issued says so, whatever version it began from', async () => {
    const id = await issued()
    expect(await refusal(update(id, aTask(), 0))).toMatchObject({ code: 'conflict' })
  })

  it('of an unknown task is 404', async () => {
    expect(await refusal(update('no-such-task', aTask(), 0))).toMatchObject({ code: 'not_found', status: 404 })
  })
})

describe('a deletion', () => {
  it('takes the task out of the console, its pushes out of the plan, and is on record with the name', async () => {
    const id = await create({ name: '不要了' })
    await remove(id)
    expect(await refusal(view(id))).toMatchObject({ code: 'not_found' })
    expect(await refusal(remove(id))).toMatchObject({ code: 'not_found' })
    expect(await refusal(form(id))).toMatchObject({ status: 404 })
    expect(await names({ keyword: '不要了' })).toEqual([])
    const { db } = world.parts
    const pushes = await db.selectFrom('pushes').select('state').where('taskId', '=', id).execute()
    expect(pushes).toEqual([{ state: 'cancelled' }])
    const line = await db
      .selectFrom('auditLog')
      .select(['actor', 'detail'])
      .where('subject', '=', id)
      .where('action', '=', 'task.delete')
      .executeTakeFirst()
    expect(line).toEqual({ actor: 'zhangsan', detail: '{"name":"不要了"}' })
  })

  it('is possible after the issue too', async () => {
    const id = await issued()
    await remove(id)
    expect(await refusal(view(id))).toMatchObject({ code: 'not_found' })
  })
})

describe('the list', () => {
  it('finds by task name or creator, and takes % and _ for what they are', async () => {
    const lisi = await world.admin('lisi')
    await lisi('POST /api/console/tasks', { body: aTask({ name: '李四的任务 100%_达成' }) })
    expect(await names({ keyword: '100%_' })).toEqual(['李四的任务 100%_达成'])
    expect(await names({ keyword: '%达' })).toEqual([])
    expect(await names({ keyword: '李四' })).toEqual(['李四的任务 100%_达成'])
    expect(await names({ keyword: '没有这个' })).toEqual([])
    expect(await names({ keyword: '１００％＿' })).toEqual(['李四的任务 100%_达成'])
    await lisi('POST /api/console/tasks', { body: aTask({ name: 'Élan Ｎｅｗ' }) })
    expect(await names({ keyword: 'éLAN new' })).toEqual(['Élan Ｎｅｗ'])
  })

  it('filters by state, scope and time of creation', async () => {
    const id = await issued({ name: '一推一等', sendScope: 'wecom', pushes: twoPushes() })
    const { createdAt } = await view(id)
    const found = { createdFrom: createdAt, createdTo: createdAt }
    expect(await names(found)).toContain('一推一等')
    expect(await names({ state: 'running', scope: 'wecom' })).toEqual(['一推一等'])
    expect(await names({ state: 'not_started', scope: 'wecom' })).toEqual([])
    expect(await names({ createdTo: 1 })).toEqual([])
  })

  it('counts each task', async () => {
    await issued({ name: '数一数', pushes: twoPushes() })
    const { rows } = await admin('GET /api/console/tasks', { query: { keyword: '数一数' } })
    expect(rows).toMatchObject([
      {
        state: 'running',
        editable: false,
        executors: 2,
        pushes: { issued: 1, total: 2, nextAt: inAnHour() },
        executions: 2,
        done: 0,
        createdBy: { name: '张三' },
      },
    ])
  })

  it('pages in both directions, newest or oldest first', async () => {
    for (const name of ['页一', '页二', '页三']) await create({ name })
    const page = (query: object) => admin('GET /api/console/tasks', { query: { keyword: '页', limit: 2, ...query } })
    const first = await page({})
    expect(first).toMatchObject({ total: 3, rows: [{ name: '页三' }, { name: '页二' }], previous: null })
    const second = await page({ cursor: first.next })
    expect(second).toMatchObject({ total: 3, rows: [{ name: '页一' }], next: null })
    expect(await page({ cursor: second.previous })).toMatchObject({ rows: first.rows })
    expect(await page({ sort: 'oldest' })).toMatchObject({ rows: [{ name: '页一' }, { name: '页二' }] })
  })

  const twoPushes = () => [aPush({ scheduledAt: thisMinute() }), aPush({ scheduledAt: inAnHour() })]
})

describe('the planned executors', () => {
  it('stand in the order of the form, and are found by name and pinyin', async () => {
    const taskId = await create({ executors: ['wangwu', 'lisi', 'zhangsan'] })
    const list = async (query: object) =>
      (await admin('GET /api/console/tasks/:taskId/executors', { params: { taskId }, query })).rows.map(
        ({ userid }) => userid,
      )
    expect(await list({})).toEqual(['wangwu', 'lisi', 'zhangsan'])
    expect(await list({ keyword: 'ls' })).toEqual(['lisi'])
    expect(await list({ keyword: '王' })).toEqual(['wangwu'])
  })

  it('are found by department, with all that is below it', async () => {
    const executors = ['wangwu', 'lisi', 'zhangsan']
    const taskId = await create({ executors })
    const { departments } = await admin('GET /api/console/departments')
    const inside = []
    for (const { id: departmentId } of departments) {
      const query = { departmentId, limit: 1000 }
      const people = await admin('GET /api/console/people', { query })
      const members = people.rows.map(({ userid }) => userid)
      const { rows } = await admin('GET /api/console/tasks/:taskId/executors', { params: { taskId }, query })
      inside.push(rows.map(({ userid }) => userid))
      expect(inside.at(-1)).toEqual(executors.filter((userid) => members.includes(userid)))
    }
    expect(new Set(inside.flat())).toEqual(new Set(executors))
  })
})
