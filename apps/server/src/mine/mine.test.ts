import { LIMITS, type MyPicture, startOfMinute } from '@qimeng/contract'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../db/id.ts'
import { aLink, anImage, aPush, aTask } from '../test/builders.ts'
import { type AdminCaller, type EmployeeCaller, startWorld, type World } from '../test/world.ts'

let world: World
let admin: AdminCaller
let zhangsan: EmployeeCaller

beforeAll(async () => {
  world = await startWorld()
  admin = await world.admin('zhangsan')
  zhangsan = await world.employee('zhangsan')
})
afterAll(() => world.stop())

const now = () => startOfMinute(world.clock.now())

/** Creates a task whose pushes are due in this minute and waits until they are out. */
async function issue(change: Parameters<typeof aTask>[0] = {}) {
  const { id } = await admin('POST /api/console/tasks', {
    body: aTask({ pushes: [aPush({ scheduledAt: now() })], ...change }),
  })
  await world.parts.jobs.idle()
  const { pushes } = await admin('GET /api/console/tasks/:taskId', { params: { taskId: id } })
  return { taskId: id, pushIds: pushes.map((push) => push.id), pushId: pushes[0]!.id }
}

const upload = async (call: EmployeeCaller, colour: string) =>
  (await call('POST /api/me/images', { image: await anImage({ colour }) })).id
const submit = (call: EmployeeCaller, pushId: string, images: string[], idempotencyKey?: string) =>
  call('POST /api/me/pushes/:pushId/proofs', {
    params: { pushId },
    body: { images },
    ...(idempotencyKey ? { idempotencyKey } : {}),
  })

describe('what an employee sees', () => {
  it('shows the content exactly as it is to be published', async () => {
    const text = '第一行[微笑]\n第二行👨‍👩‍👧‍👦'
    const image = await admin('POST /api/console/images', { image: await anImage({ width: 1600, height: 900 }) })
    const { pushId } = await issue({
      sendScope: 'all',
      hint: '两边都发',
      pushes: [aPush({ scheduledAt: now(), text, images: [image.id] })],
    })
    const push = await zhangsan('GET /api/me/pushes/:pushId', { params: { pushId } })
    expect(push).toMatchObject({ text, sendScope: 'all', hint: '两边都发', state: 'pending', proof: null, link: null })
    expect(push.images).toHaveLength(1)
    const [{ full, screen }] = push.images as [MyPicture]
    const sizeOf = async (url: string) => {
      const { width, format } = await sharp((await zhangsan.browser.get(url)).data).metadata()
      return { width, format }
    }
    expect(await sizeOf(full)).toEqual({ width: 1600, format: 'png' })
    expect(await sizeOf(screen)).toEqual({ width: 1280, format: 'webp' })
  })

  it('has a link’s title whole, and as much of it as WeCom’s composer takes', async () => {
    const title = '秋季新品上市，第一批已经到店，欢迎预约试穿和搭配建议'
    const { pushId } = await issue({
      sendScope: 'wecom',
      pushes: [aPush({ scheduledAt: now(), link: aLink({ title }) })],
    })
    const { link } = await zhangsan('GET /api/me/pushes/:pushId', { params: { pushId } })
    expect(link).toMatchObject({ title, composerTitle: '秋季新品上市，第一批已经到店，欢迎预约试…' })
  })

  it('lists 待执行 with the earliest minute first and 已执行 with the latest first, each with its picture', async () => {
    const wangwu = await world.employee('wangwu')
    const cover = await admin('POST /api/console/images', { image: await anImage(), query: { purpose: 'cover' } })
    const { pushIds } = await issue({
      executors: ['wangwu'],
      pushes: [
        aPush({ name: '一', scheduledAt: now() }),
        aPush({ name: '二', scheduledAt: now(), link: aLink({ coverId: cover.id }) }),
      ],
    })
    const list = (state: 'pending' | 'done') => wangwu('GET /api/me/executions', { query: { state } })
    const pending = await list('pending')
    expect(pending.total).toBe(2)
    expect(pending.rows.map((row) => [row.pushName, row.hasLink, row.picture?.id ?? null])).toEqual(
      expect.arrayContaining([
        ['一', false, null],
        ['二', true, cover.id],
      ]),
    )
    await submit(wangwu, pushIds[1]!, [await upload(wangwu, '#111')])
    await submit(wangwu, pushIds[0]!, [await upload(wangwu, '#222')])
    expect((await list('pending')).total).toBe(0)
    expect((await list('done')).rows.map((row) => row.pushName)).toEqual(['一', '二'])
  })

  it('gives a hundred at a time at most: a thousand with their links kept everybody else waiting', async () => {
    const list = (limit: number) => zhangsan('GET /api/me/executions', { query: { state: 'pending', limit } })
    await list(100)
    await expect(list(101)).rejects.toMatchObject({ status: 422 })
  })

  it('says when one is no executor, when the task was deleted, and when there is no such push', async () => {
    const { pushId, taskId } = await issue({ executors: ['lisi'] })
    const look = (id: string) => zhangsan('GET /api/me/pushes/:pushId', { params: { pushId: id } })
    await expect(look(pushId)).rejects.toMatchObject({ status: 403, code: 'not_executor' })
    await expect(look('nothing')).rejects.toMatchObject({ status: 404, code: 'not_found' })
    const lisi = await world.employee('lisi')
    await admin('DELETE /api/console/tasks/:taskId', { params: { taskId } })
    await expect(lisi('GET /api/me/pushes/:pushId', { params: { pushId } })).rejects.toMatchObject({
      status: 410,
      code: 'task_deleted',
    })
    const { rows } = await lisi('GET /api/me/executions', { query: { state: 'pending', limit: 100 } })
    expect(rows.map((row) => row.pushId)).not.toContain(pushId)
  })
})

describe('proofs', () => {
  it('turn the execution to 已执行, and a later one replaces while earlier ones stay for the administrator', async () => {
    const { pushId } = await issue()
    const [first, second, third] = [
      await upload(zhangsan, '#a00'),
      await upload(zhangsan, '#0a0'),
      await upload(zhangsan, '#00a'),
    ]
    const done = await submit(zhangsan, pushId, [second, first])
    expect(done.state).toBe('done')
    expect(done.proof?.images.map((image) => image.id)).toEqual([second, first])
    const replaced = await submit(zhangsan, pushId, [third])
    expect(replaced.executedAt).toBe(done.executedAt)
    const { person, versions } = await admin('GET /api/console/pushes/:pushId/proofs/:userid', {
      params: { pushId, userid: 'zhangsan' },
    })
    expect(person.name).toBe('张三')
    expect(versions.map((proof) => [proof.version, proof.images.map((image) => image.id)])).toEqual([
      [2, [third]],
      [1, [second, first]],
    ])
    expect((await admin.browser.get(versions[1]!.images[0]!.full)).status).toBe(200)
  })

  it('are one, however often the phone repeats the request', async () => {
    const { pushId } = await issue()
    const image = await upload(zhangsan, '#abc')
    const replies = await Promise.all([1, 2, 3].map(() => submit(zhangsan, pushId, [image], 'tap-1')))
    expect(new Set(replies.map((reply) => reply.proof?.version))).toEqual(new Set([1]))
    // It stays so late: PostgreSQL hears of a clock set back a moment after the next task is planned.
    world.clock.advance(3_600_000)
    const { proof } = await submit(zhangsan, pushId, [image], 'tap-1')
    expect(proof?.version).toBe(1)
    expect((await zhangsan.browser.get(proof!.images[0]!.full)).status).toBe(200)
  })

  it("are refused with somebody else's picture, none, ten, or the same one twice", async () => {
    const { pushId } = await issue()
    const foreign = await upload(await world.employee('lisi'), '#def')
    const own = await upload(zhangsan, '#fed')
    await expect(submit(zhangsan, pushId, [foreign])).rejects.toMatchObject({ status: 422 })
    await expect(submit(zhangsan, pushId, [])).rejects.toMatchObject({ message: '请至少上传一张截图' })
    await expect(submit(zhangsan, pushId, [own, own])).rejects.toMatchObject({ message: '截图重复了' })
    const ten = Array.from({ length: 10 }, (_, index) => `i${index}`)
    await expect(submit(zhangsan, pushId, ten)).rejects.toMatchObject({ message: '最多上传 9 张截图' })
    expect((await zhangsan('GET /api/me/pushes/:pushId', { params: { pushId } })).state).toBe('pending')
  })

  it('have an end: whoever goes on submitting fills neither the database nor the administrator’s page', async () => {
    const { pushId } = await issue()
    const image = await upload(zhangsan, '#456')
    const many = { id: newId(), pushId, userid: 'zhangsan', version: LIMITS.proofVersions - 1, submittedAt: now() }
    await world.parts.db.insertInto('proofs').values(many).execute()
    await submit(zhangsan, pushId, [image])
    await expect(submit(zhangsan, pushId, [image])).rejects.toMatchObject({
      status: 409,
      message: '这条朋友圈已提交过 100 次截图，不能再提交',
    })
  })

  it('are nobody else’s: another executor sees neither them nor their pictures', async () => {
    const { pushId } = await issue()
    const done = await submit(zhangsan, pushId, [await upload(zhangsan, '#123')])
    const lisi = await world.employee('lisi')
    expect((await lisi('GET /api/me/pushes/:pushId', { params: { pushId } })).proof).toBeNull()
    const link = done.proof!.images[0]!.full.replace('me%3Azhangsan', 'me%3Alisi')
    expect((await lisi.browser.get(link)).status).toBe(403)
  })
})
