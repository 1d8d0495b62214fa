import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOUR, MINUTE, startOfMinute } from '@qimeng/contract/time'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { alertsOf, cardsOf, cardStates, later, launch, SEND } from '../delivery/campaign.fixture.ts'
import { aPush } from '../test/builders.ts'
import { type AdminCaller, startWorld, type World } from '../test/world.ts'
import { makeBackup } from './backup.ts'
import { restore } from './restore.ts'

let world: World
let folder: string
let admin: AdminCaller
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qimeng-backup-'))
  world = await startWorld()
  world.clock.set(startOfMinute(Date.now()))
  admin = await world.admin('zhangsan')
})
afterEach(async () => {
  await world.stop()
  await rm(folder, { recursive: true })
})

/** Between jobs: one that was running would keep its lease in the backup until a clock that stands still has passed it. */
async function backUp() {
  await world.parts.jobs.idle()
  return makeBackup(world.parts.config, join(folder, 'backups'), world.clock.now())
}

const restored = () => {
  const dataDir = join(folder, 'restored')
  return { dataDir, databaseUrl: `sqlite:${join(dataDir, 'moments.db')}` }
}
const start = () => world.restart({ env: { DATA_DIR: restored().dataDir, DATABASE_URL: restored().databaseUrl } })

/** The old machine is gone; the server starts again from a backup. */
async function startFrom(backup: string) {
  await restore(restored(), backup, world.clock.now())
  await start()
  admin = await world.admin('zhangsan')
}

const pushState = async (pushId: string) =>
  (await world.parts.db.selectFrom('pushes').select('state').where('id', '=', pushId).executeTakeFirstOrThrow()).state

const PEOPLE = ['zhangsan', 'lisi']
const cardsOfAll = async (pushId: string) =>
  Promise.all(PEOPLE.map(async (userid) => (await cardsOf(world, userid, pushId)).length))

// After a restore delivery is held (DESIGN.md 4.9).

test('a push that went out after the backup goes to nobody again: it is 已错过, and an administrator is told', async () => {
  const scheduledAt = world.clock.now() + 10 * MINUTE
  const { taskId, pushId } = await launch(world, admin, { pushes: [aPush({ scheduledAt })] })
  const { folder: backup } = await backUp()
  await later(world, 10 * MINUTE)
  expect(await cardsOfAll(pushId)).toEqual([1, 1])

  await startFrom(backup)
  await later(world, 5 * MINUTE)
  expect(await cardsOfAll(pushId)).toEqual([1, 1])
  expect(await pushState(pushId)).toBe('missed')
  expect(await alertsOf(world, pushId)).toMatchObject([{ body: expect.stringContaining('可能已经发给员工') }])
  const { rows } = await admin('GET /api/console/messages', { query: { limit: 20 } })
  expect(rows.map(({ title }) => title)).toContain('数据已从备份恢复')

  await admin('POST /api/console/pushes/:pushId/issue', { params: { pushId } })
  await world.parts.jobs.idle()
  expect(await cardsOfAll(pushId)).toEqual([2, 2])
  expect((await admin('GET /api/console/tasks/:taskId', { params: { taskId } })).pushes[0]).toMatchObject({
    state: 'issued',
  })
})

test('cards that waited for WeCom when the backup was taken are 结果未知, and none is doubled', async () => {
  await world.wecom.fault({ path: SEND, kind: 'errcode', errcode: -1, times: 1 })
  const { pushId } = await launch(world, admin)
  await world.parts.jobs.idle()
  const { folder: backup } = await backUp()
  await later(world, 5 * MINUTE)
  expect(await cardsOfAll(pushId)).toEqual([1, 1])

  await startFrom(backup)
  await later(world, 5 * MINUTE)
  expect(await world.wecom.calls(SEND)).toHaveLength(2)
  expect(await cardsOfAll(pushId)).toEqual([1, 1])
  expect(Object.values(await cardStates(world, pushId))).toEqual(PEOPLE.map(() => '数据从备份恢复，可能已送达'))
})

test('what falls due later goes out at its minute, and only the first start holds anything', async () => {
  const { pushId } = await launch(world, admin, { pushes: [aPush({ scheduledAt: world.clock.now() + HOUR })] })
  await startFrom((await backUp()).folder)
  await start()
  await later(world, HOUR)
  expect(await cardsOfAll(pushId)).toEqual([1, 1])
})

test('who was logged in when it was taken has to log in again', async () => {
  const { folder: backup } = await backUp()
  const before = admin
  await startFrom(backup)
  await expect(before('GET /api/console/messages', { query: { limit: 1 } })).rejects.toMatchObject({ status: 401 })
})
