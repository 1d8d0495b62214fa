import { everyEndpoint, type Rate, RATES } from '@qimeng/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anImage } from '../test/builders.ts'
import { startWorld, type AdminCaller, type World } from '../test/world.ts'
import { sweepHouse } from '../ops/housekeeping.ts'
import { ENGINE } from '../test/database.ts'
import { limitCalls, rateLimit } from './rate-limit.ts'

let world: World
let admin: AdminCaller
beforeAll(async () => {
  world = await startWorld({ admins: ['zhangsan', 'wangwu'] })
  admin = await world.admin('zhangsan')
})
afterAll(() => world.stop())

const limited = Object.entries(everyEndpoint as Record<string, { rate?: Rate }>).flatMap(([name, { rate }]) =>
  rate ? [[name, rate] as const] : [],
)

test('everything that is worth flooding has a limit', () => {
  expect(limited.map(([name]) => name).toSorted()).toEqual([
    'delivery.executions',
    'delivery.remind',
    'delivery.resend',
    'exports.retry',
    'exports.start',
    'images.upload',
    'links.preview',
    'me.submitProof',
    'me.upload',
    'people.search',
    'people.sync',
    'settings.check',
    'tasks.list',
  ])
})

test.each([
  ['POST', '/api/console/pushes/nothing/reminders', RATES.send],
  ['POST', '/api/console/pushes/nothing/exports', RATES.export],
  ['POST', '/api/console/links/preview', RATES.preview],
])('%s %s says when to come back, to who comes too often and to nobody else', async (method, url, rate) => {
  const headers = { 'X-Requested-With': 'qimeng-moments' }
  const ask = ({ browser }: AdminCaller) =>
    browser.http.request<{ code: string; message: string }>({ method, url, headers, validateStatus: () => true })
  const answers = await Promise.all(Array.from({ length: rate.times }, () => ask(admin)))
  expect(answers.filter(({ status }) => status === 429)).toEqual([])
  const { status, data, headers: reply } = await ask(admin)
  expect([status, data.code]).toEqual([429, 'too_many_requests'])
  expect(data.message).toMatch(new RegExp(`^${rate.message}，请 \\d+ (秒|分钟)后再试$`))
  expect(Number(reply['retry-after'])).toBeGreaterThan(0)
  expect(Number(reply['retry-after'])).toBeLessThanOrEqual(rate.seconds)
  expect((await ask(await world.admin('wangwu'))).status).not.toBe(429)
})

const everybody = (work: (person: number) => Promise<void>) =>
  Promise.all(Array.from({ length: 100 }, (_, index) => work(index + 1)))

test('an address is limited too, however many people come from it', async () => {
  const count = limitCalls(world.parts, 'test', { times: 1, seconds: 60, message: '太频繁' })
  await everybody((person) => count(`person-${person}`, '192.0.2.1'))
  await expect(count('person-101', '192.0.2.1')).rejects.toMatchObject({ code: 'too_many_requests' })
  await count('person-102', '192.0.2.2')
})

test('a hundred addresses of one customer are one', async () => {
  const count = limitCalls(world.parts, 'network', { times: 1, seconds: 60, message: '太频繁' })
  await everybody((person) => count(`person-${person}`, `2001:db8::${person}`))
  await expect(count('person-101', '2001:db8::ffff')).rejects.toMatchObject({ code: 'too_many_requests' })
  await count('person-102', '2001:db8:0:1::1')
})

test('two processes on one PostgreSQL count together; an SQLite file has one process', async () => {
  const rate = { times: 3, seconds: 60, message: '太频繁' }
  const [one, other] = [rateLimit(world.parts, 'shared', rate), rateLimit(world.parts, 'shared', rate)]
  await one('lisi')
  await other('lisi')
  await one('lisi')
  const fourth = other('lisi')
  if (ENGINE === 'sqlite') return fourth
  const refused = { code: 'too_many_requests', retryAfter: expect.closeTo(60, -1) }
  await expect(fourth).rejects.toMatchObject(refused)
  await expect(one('lisi')).rejects.toMatchObject(refused)
  await one('wangwu')
})

test('counts that are over are cleared away', async () => {
  const { db, clock } = world.parts
  const gone = { key: 'gone', points: 1, expire: clock.now() - 1 }
  await db
    .insertInto('rateLimits')
    .values([gone, { ...gone, key: 'going on', expire: clock.now() + 60_000 }])
    .execute()
  await sweepHouse(world.parts)
  const left = await db.selectFrom('rateLimits').select('key').where('key', 'like', 'go%').execute()
  expect(left).toEqual([{ key: 'going on' }])
})

describe('pictures that lie about unused', () => {
  const upload = async (who: AdminCaller) => who('POST /api/console/images', { image: await anImage() })

  test('may have a gigabyte of one person’s, and nobody else’s count', async () => {
    const { id } = await upload(admin)
    const weigh = (bytes: number) => world.parts.db.updateTable('images').set({ bytes }).where('id', '=', id).execute()
    await weigh(1024 ** 3)
    await expect(upload(admin)).rejects.toMatchObject({
      status: 429,
      retryAfter: 3600,
      message: expect.stringContaining('没有使用的图片太多'),
    })
    await upload(await world.admin('wangwu'))
    await world.parts.db.updateTable('images').set({ attachedAt: 1 }).where('id', '=', id).execute()
    await upload(admin)
  })
})
