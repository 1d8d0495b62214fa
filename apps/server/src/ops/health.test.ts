import { sql } from 'kysely'
import supertest from 'supertest'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createApp } from '../app.ts'
import { anImage } from '../test/builders.ts'
import { ENGINE, rowsWritten } from '../test/database.ts'
import { startWorld, type World } from '../test/world.ts'
import { workerPage } from './worker-page.ts'

let world: World
beforeEach(async () => void (world = await startWorld()))
afterEach(() => world.stop())

const statusOf = async (path: string) => (await world.browser().get(path)).status

test('alive and ready, also while WeCom is out of reach', async () => {
  await world.wecom.down(60)
  expect([await statusOf('/livez'), await statusOf('/readyz')]).toEqual([200, 200])
})

test('asked by another spelling, which a proxy would let through from outside, it says nothing', async () => {
  const statuses = await Promise.all(['/READYZ', '/readyz/', '/livez/'].map(statusOf))
  expect(statuses).toEqual([404, 404, 404])
})

test('not ready, but alive, when the database has lost its tables', async () => {
  world.expectErrors()
  await world.parts.db.schema.alterTable('installation').renameTo('elsewhere').execute()
  expect([await statusOf('/livez'), await statusOf('/readyz')]).toEqual([200, 503])
})

test('not ready when a migration is missing', async () => {
  world.expectErrors()
  await sql`delete from kysely_migration where name like '0007%'`.execute(world.parts.db)
  const { status, data } = await world.browser().get('/readyz')
  expect([status, JSON.parse(String(data))]).toEqual([503, { status: 'schema' }])
})

test('about to stop: not ready any more, but it answers, and asks its proxy for another connection', async () => {
  const app = createApp(world.parts, AbortSignal.abort())
  const ready = await supertest(app).get('/readyz')
  expect([ready.status, ready.body]).toEqual([503, { status: 'leaving' }])
  const page = await supertest(app).get('/livez')
  expect([page.status, page.headers.connection]).toEqual([200, 'close'])
})

test('a worker tells how it is and its numbers, and has nothing for people', async () => {
  const app = workerPage(world.parts, new AbortController().signal)
  expect((await supertest(app).get('/readyz')).status).toBe(200)
  expect((await supertest(app).get('/metrics')).text).toContain('moments_pushes_due')
  expect((await supertest(app).get('/admin/')).status).toBe(404)
})

test('not ready, and saying why, while the store of pictures is out of reach; the rest goes on', async () => {
  world.expectErrors()
  const BLOB_URL = 's3://moments?endpoint=http://127.0.0.1:9&style=path'
  await world.restart({ env: { BLOB_URL, BLOB_ACCESS_KEY_ID: 'key', BLOB_SECRET_ACCESS_KEY: 'secret' } })
  const { status, data } = await world.browser().get('/readyz')
  expect([status, JSON.parse(String(data))]).toEqual([503, { status: 'blobs', reason: 'unreachable' }])
  const admin = await world.admin('zhangsan')
  expect((await admin('GET /api/console/configuration')).checks).toContainEqual({
    name: '图片与文件存储',
    ok: false,
    message: '连接不上对象存储',
    cure: '请检查环境变量 BLOB_URL 中的 endpoint，以及服务器到它的网络。',
  })
  const upload = admin('POST /api/console/images', { image: await anImage(), idempotencyKey: 'a' })
  await expect(upload).rejects.toMatchObject({ code: 'unavailable', message: '图片和文件暂时无法访问，请稍后重试' })
})

test.skipIf(ENGINE === 'postgres')('being asked whether it is ready writes nothing', async () => {
  const { db } = world.parts
  const before = await rowsWritten(db)
  expect(await statusOf('/readyz')).toBe(200)
  expect(await rowsWritten(db)).toBe(before)
})

test('asked a hundred times at once, it looks once; a moment later it looks again', async () => {
  const transaction = vi.spyOn(world.parts.db, 'startTransaction')
  const answers = await Promise.all(Array.from({ length: 100 }, () => statusOf('/readyz')))
  expect(new Set(answers)).toEqual(new Set([200]))
  expect(transaction).toHaveBeenCalledTimes(1)
  await vi.waitFor(async () => {
    await statusOf('/readyz')
    expect(transaction).toHaveBeenCalledTimes(2)
  }, 10_000)
})
