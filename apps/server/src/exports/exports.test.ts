import type { Readable } from 'node:stream'
import { startOfMinute } from '@qimeng/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as XLSX from 'xlsx'
import { anImage, aPush, aTask } from '../test/builders.ts'
import { type AdminCaller, startWorld, type World } from '../test/world.ts'
import { dropExpiredExports, exportBlobKey } from './exports.ts'

const DAY = 24 * 3_600_000

let world: World
let admin: AdminCaller
let pushId: string

beforeAll(async () => {
  world = await startWorld({ admins: ['zhangsan', 'lisi'] })
  world.clock.hold()
  admin = await world.admin('zhangsan')
  const scheduledAt = startOfMinute(world.clock.now())
  const body = aTask({ name: '=新品', executors: ['zhangsan', 'lisi', 'wangwu'], pushes: [aPush({ scheduledAt })] })
  const { id } = await admin('POST /api/console/tasks', { body })
  await world.parts.jobs.idle()
  pushId = (await admin('GET /api/console/tasks/:taskId', { params: { taskId: id } })).pushes[0]!.id
  const wangwu = await world.employee('wangwu')
  const { id: imageId } = await wangwu('POST /api/me/images', { image: await anImage() })
  await wangwu('POST /api/me/pushes/:pushId/proofs', { params: { pushId }, body: { images: [imageId] } })
})
afterAll(() => world.stop())

async function exportList(state: 'pending' | 'done', more: { keyword?: string; idempotencyKey?: string } = {}) {
  const { idempotencyKey, ...filter } = more
  const { exportId } = await admin('POST /api/console/pushes/:pushId/exports', {
    params: { pushId },
    body: { state, ...filter },
    ...(idempotencyKey ? { idempotencyKey } : {}),
  })
  await world.parts.jobs.idle()
  return exportId
}

const messageOf = async (exportId: string) =>
  (await admin('GET /api/console/messages')).rows.find((message) => message.export?.id === exportId)

const download = (call: AdminCaller, exportId: string) => call.browser.get(`/api/console/exports/${exportId}/file`)

it('puts the rows of a list into a file, and the file into the message centre', async () => {
  const exportId = await exportList('done')
  const message = await messageOf(exportId)
  expect(message).toMatchObject({ kind: 'export', read: false, export: { state: 'done', rowsDone: 1, rowsTotal: 1 } })
  const response = await download(admin, exportId)
  expect(response.status).toBe(200)
  expect(decodeURIComponent(String(response.headers['content-disposition']))).toContain('=新品-第一条-已执行')
  const sheet = XLSX.read(response.data).Sheets['执行明细']!
  const [row] = XLSX.utils.sheet_to_json<Record<string, unknown>>(sheet)
  expect(row).toMatchObject({
    任务名称: '=新品',
    员工姓名: '王五',
    账号: 'wangwu',
    状态: '已执行',
    送达: '已送达',
    凭证数: 1,
  })
  expect(sheet['L2'].l.Target).toMatch(/^http:\/\/localhost:\d+\/admin\/tasks\/.+proof=wangwu/)
})

it('may be left in the middle, and asked for its size alone', async () => {
  const exportId = await exportList('done')
  const { put, get } = world.parts.blobs
  await put(exportBlobKey(exportId), Buffer.alloc(20_000_000))
  const url = `/api/console/exports/${exportId}/file`
  expect((await admin.browser.http.head(url)).headers['content-length']).toBe('20000000')
  const closed = Promise.withResolvers<void>()
  world.parts.blobs.get = async (key) => {
    const blob = await get(key)
    blob?.stream.once('close', closed.resolve)
    return blob
  }
  const { data } = await admin.browser.http.get<Readable>(url, { responseType: 'stream' })
  data.once('error', () => {}).once('data', () => data.destroy())
  // That nothing is logged as an error is checked when the world stops.
  await closed.promise
  world.parts.blobs.get = get
})

it('exports what the filter shows', async () => {
  const sheet = XLSX.read((await download(admin, await exportList('pending'))).data).Sheets['执行明细']!
  expect(
    XLSX.utils
      .sheet_to_json<{ 账号: string }>(sheet)
      .map((row) => row.账号)
      .sort(),
  ).toEqual(['lisi', 'zhangsan'])
  const filtered = XLSX.read((await download(admin, await exportList('pending', { keyword: 'ls' }))).data)
  expect(XLSX.utils.sheet_to_json<{ 账号: string }>(filtered.Sheets['执行明细']!).map((row) => row.账号)).toEqual([
    'lisi',
  ])
})

it('is one export, however often the button was pressed', async () => {
  const first = await exportList('done', { idempotencyKey: 'press' })
  expect(await exportList('done', { idempotencyKey: 'press' })).toBe(first)
})

it('needs a push that has been issued', async () => {
  const { id } = await admin('POST /api/console/tasks', { body: aTask() })
  const { pushes } = await admin('GET /api/console/tasks/:taskId', { params: { taskId: id } })
  const start = admin('POST /api/console/pushes/:pushId/exports', {
    params: { pushId: pushes[0]!.id },
    body: { state: 'pending' },
  })
  await expect(start).rejects.toMatchObject({ status: 409 })
})

it.each<unknown>([null, [], '3'])('takes no department %j for one', async (departmentId) => {
  const body = { state: 'pending' as const, departmentId: departmentId as number | undefined }
  const start = admin('POST /api/console/pushes/:pushId/exports', { params: { pushId }, body })
  await expect(start).rejects.toMatchObject({ status: 422, issues: [{ path: ['departmentId'] }] })
})

it('has something in it, or is refused', async () => {
  const body = { state: 'done' as const, keyword: '没有这个人' }
  const start = admin('POST /api/console/pushes/:pushId/exports', { params: { pushId }, body })
  await expect(start).rejects.toMatchObject({ status: 409, message: '名单为空，没有可以导出的数据' })
})

it("is nobody else's", async () => {
  const exportId = await exportList('done')
  const lisi = await world.admin('lisi')
  expect((await download(lisi, exportId)).status).toBe(404)
  expect((await lisi('GET /api/console/messages')).rows.map((message) => message.export?.id)).not.toContain(exportId)
  expect((await world.browser().get(`/api/console/exports/${exportId}/file`)).status).toBe(401)
})

it('says why it failed, and can be tried again', async () => {
  world.expectErrors()
  const { put } = world.parts.blobs
  world.parts.blobs.put = () => Promise.reject(new Error('the disk is gone'))
  const exportId = await exportList('done')
  expect((await messageOf(exportId))?.export).toMatchObject({ state: 'failed', error: '系统出错了，请重试' })
  expect((await download(admin, exportId)).status).toBe(409)
  world.parts.blobs.put = put
  await admin('POST /api/console/exports/:exportId/retry', { params: { exportId } })
  await world.parts.jobs.idle()
  expect((await messageOf(exportId))?.export).toMatchObject({ state: 'done', error: null })
})

it('of a task that was deleted says so, instead of failing again', async () => {
  world.expectErrors()
  const scheduledAt = startOfMinute(world.clock.now())
  const { id: taskId } = await admin('POST /api/console/tasks', { body: aTask({ pushes: [aPush({ scheduledAt })] }) })
  await world.parts.jobs.idle()
  const { pushes } = await admin('GET /api/console/tasks/:taskId', { params: { taskId } })
  const { put } = world.parts.blobs
  world.parts.blobs.put = () => Promise.reject(new Error('the disk is gone'))
  const { exportId } = await admin('POST /api/console/pushes/:pushId/exports', {
    params: { pushId: pushes[0]!.id },
    body: { state: 'pending' },
  })
  await world.parts.jobs.idle()
  world.parts.blobs.put = put
  await admin('DELETE /api/console/tasks/:taskId', { params: { taskId } })
  const retry = admin('POST /api/console/exports/:exportId/retry', { params: { exportId } })
  await expect(retry).rejects.toMatchObject({ status: 410, message: '任务已删除' })
})

it('counts messages as unread until they are read', async () => {
  const unread = async () => (await admin('GET /api/console/messages/unread')).unread
  await admin('POST /api/console/messages/read', { body: { ids: null } })
  expect(await unread()).toBe(0)
  const message = await messageOf(await exportList('done'))
  expect(await unread()).toBe(1)
  await admin('POST /api/console/messages/read', { body: { ids: [message!.id] } })
  expect(await unread()).toBe(0)
})

it('keeps both of two exports that were started at once', async () => {
  const ids = await Promise.all([exportList('done'), exportList('pending')])
  const sheets = await Promise.all(
    ids.map(async (id) => XLSX.read((await download(admin, id)).data).Sheets['执行明细']!['!ref']),
  )
  expect(sheets).toEqual(['A1:L2', 'A1:L3'])
})

it('has a name for new browsers, and one for those that know Latin only', async () => {
  const response = await download(admin, await exportList('done'))
  expect(response.headers['content-disposition']).toMatch(/^attachment; filename="[ -~]+\.xlsx"; filename\*=UTF-8''%3D/)
})

it('keeps files for 7 days, then takes their bytes away and says so', async () => {
  const exportId = await exportList('done')
  const { blobs } = world.parts
  const isThere = async () => {
    const blob = await blobs.get(exportBlobKey(exportId))
    blob?.stream.destroy()
    return blob !== undefined
  }
  world.clock.advance(7 * DAY - 60_000)
  await dropExpiredExports(world.parts)
  expect(await isThere()).toBe(true)
  world.clock.advance(120_000)
  admin = await world.admin('zhangsan')
  expect((await download(admin, exportId)).status).toBe(404)
  await dropExpiredExports(world.parts)
  expect(await isThere()).toBe(false)
  expect((await messageOf(exportId))?.export).toMatchObject({ state: 'done', bytes: null })
})
