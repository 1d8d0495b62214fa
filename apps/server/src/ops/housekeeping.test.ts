import { afterEach, beforeEach, expect, test } from 'vitest'
import { newId } from '../db/id.ts'
import { anImage } from '../test/builders.ts'
import { startWorld, type World } from '../test/world.ts'
import { sweepHouse } from './housekeeping.ts'

const DAY = 24 * 3_600_000

let world: World
beforeEach(async () => void (world = await startWorld()))
afterEach(() => world.stop())

const blobs = async () => {
  const keys: string[] = []
  for await (const key of world.parts.blobs.list('images/')) keys.push(key)
  return keys.sort()
}
const countRows = async (table: 'sessions' | 'oauthStates' | 'idempotencyKeys' | 'images') =>
  (await world.parts.db.selectFrom(table).selectAll().execute()).length
const upload = async (idempotencyKey: string) =>
  (await world.admin('zhangsan'))('POST /api/console/images', { image: await anImage(), idempotencyKey })

test('a picture nobody used waits seven days for its draft, a used one stays', async () => {
  const [used, unused] = [await upload('a'), await upload('b')]
  await world.parts.db.updateTable('images').set({ attachedAt: 1 }).where('id', '=', used.id).execute()
  world.clock.advance(7 * DAY - 60_000)
  await sweepHouse(world.parts)
  expect(await countRows('images')).toBe(2)
  world.clock.advance(120_000)
  await sweepHouse(world.parts)
  expect(await world.parts.db.selectFrom('images').select('id').execute()).toEqual([{ id: used.id }])
  expect(await blobs()).toEqual([`images/full/${used.id}`, `images/screen/${used.id}`, `images/thumb/${used.id}`])
  expect((await blobs()).join()).not.toContain(unused.id)
})

test('bytes whose upload died before its row are taken away after a day', async () => {
  const [dead, used] = [newId(), await upload('a')]
  await world.parts.db.updateTable('images').set({ attachedAt: 1 }).where('id', '=', used.id).execute()
  await world.parts.blobs.put(`images/full/${dead}`, Buffer.from('x'))
  await sweepHouse(world.parts)
  expect(await blobs()).toContain(`images/full/${dead}`)
  world.clock.advance(DAY + 60_000)
  await sweepHouse(world.parts)
  expect(await blobs()).toEqual([`images/full/${used.id}`, `images/screen/${used.id}`, `images/thumb/${used.id}`])
})

const STRAY = ['notes.txt', 'z'.repeat(26)]

test('a file of somebody else among the pictures stays, and stops nothing', async () => {
  const dead = newId()
  for (const name of STRAY) await world.parts.blobs.put(`images/full/${name}`, Buffer.from('x'))
  await world.parts.blobs.put(`images/full/${dead}`, Buffer.from('x'))
  world.clock.advance(DAY + 60_000)
  await sweepHouse(world.parts)
  expect(await blobs()).toEqual(STRAY.map((name) => `images/full/${name}`))
})

test('of the directory copies of months ago the last that succeeded is kept, since the budget counts its people', async () => {
  const { db, clock } = world.parts
  await db.deleteFrom('directorySyncs').execute()
  const now = clock.now()
  for (const [age, error] of [
    [3, null],
    [2, null],
    [1, '企业微信没有回答'],
  ] as const) {
    const [startedAt, finishedAt] = [now - age * DAY, now - age * DAY + 1]
    await db
      .insertInto('directorySyncs')
      .values({ id: newId(), reason: 'scheduled', startedAt, finishedAt, people: 40, departments: 3, error })
      .execute()
  }
  world.clock.advance(100 * DAY)
  await sweepHouse(world.parts)
  expect(await db.selectFrom('directorySyncs').select(['startedAt', 'people']).execute()).toEqual([
    { startedAt: now - 2 * DAY, people: 40 },
  ])
})

test('a step that fails keeps no other from being done', async () => {
  world.expectErrors()
  await world.browser().get('/auth/me/login')
  await upload('a')
  world.clock.advance(8 * DAY)
  world.parts.blobs.delete = () => Promise.reject(new Error('the disk is gone'))
  await world.parts.db.schema.dropTable('sessions').execute()
  await sweepHouse(world.parts)
  expect(await countRows('oauthStates')).toBe(0)
  expect(await countRows('images')).toBe(0)
})

test('sessions, begun logins and keys of retried requests go when their time is over', async () => {
  await upload('a')
  await world.browser().get('/auth/me/login')
  await sweepHouse(world.parts)
  const tables = ['sessions', 'oauthStates', 'idempotencyKeys'] as const
  expect(await Promise.all(tables.map(countRows))).toEqual([1, 1, 1])
  world.clock.advance(DAY + 60_000)
  await sweepHouse(world.parts)
  expect(await Promise.all(tables.map(countRows))).toEqual([0, 0, 0])
})

test('what WeCom told is forgotten after a week, but not that it has reached us', async () => {
  world.clock.set(Date.now())
  const event = { userid: 'lisi', receivedAt: world.clock.now(), doneAt: null, answer: null, errcode: null }
  await world.parts.db
    .insertInto('callbackEvents')
    .values([
      { ...event, id: 'a', kind: 'text' },
      { ...event, id: 'b', kind: 'verification' },
    ])
    .execute()
  const kinds = async () => (await world.parts.db.selectFrom('callbackEvents').select('kind').execute()).length
  world.clock.advance(7 * DAY)
  await sweepHouse(world.parts)
  expect(await kinds()).toBe(2)
  world.clock.advance(1)
  await sweepHouse(world.parts)
  expect(await kinds()).toBe(1)
})

test('a job that was given up is there to be looked into for 90 days', async () => {
  const { db } = world.parts
  const now = world.clock.now()
  const job = {
    kind: 'export.build' as const,
    data: '{}',
    runAt: now,
    attempts: 8,
    key: null,
    leaseToken: null,
    leaseUntil: null,
  }
  const failed = { ...job, lastError: 'no', createdAt: now }
  await db
    .insertInto('jobs')
    .values([
      { ...failed, id: newId(), failedAt: now },
      { ...failed, id: newId(), failedAt: now - 89 * DAY },
      { ...failed, id: newId(), failedAt: now - 91 * DAY },
      { ...failed, id: newId(), runAt: now + DAY, failedAt: null },
    ])
    .execute()
  await sweepHouse(world.parts)
  const kept = await db.selectFrom('jobs').select('failedAt').where('kind', '=', 'export.build').execute()
  expect(kept.map(({ failedAt }) => failedAt).sort()).toEqual([now - 89 * DAY, now, null])
})
