import { HOUR } from '@qimeng/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { launch } from '../delivery/campaign.fixture.ts'
import { logIn } from '../test/login.ts'
import { ENGINE, rowsWritten } from '../test/database.ts'
import { loseJobs } from '../test/jobs.ts'
import { startWorld, type AdminCaller, type World } from '../test/world.ts'
import { syncDirectory } from './sync.ts'

let world: World
let admin: AdminCaller
beforeEach(async () => {
  world = await startWorld()
  admin = await world.admin('zhangsan')
})
afterEach(() => world.stop())

const sync = async () => {
  await admin('POST /api/console/directory/sync')
  await world.parts.jobs.idle()
}
const find = async (keyword: string) => (await admin('GET /api/console/people', { query: { keyword } })).rows
const people = () => world.parts.db.selectFrom('employees').selectAll().orderBy('userid').execute()

test('the directory is there after the first start, and the settings page says so', async () => {
  const state = await admin('GET /api/console/directory')
  expect(state).toMatchObject({ departments: 26, running: false, lastError: null })
  expect(state.people).toBe((await people()).length)
  expect(state.lastFinishedAt).toBeGreaterThan(0)
})

test.skipIf(ENGINE === 'postgres')(
  'a second copy of an unchanged corp writes its own line, and nothing else',
  async () => {
    await world.parts.jobs.stop()
    const before = await rowsWritten(world.parts.db)
    world.clock.advance(HOUR)
    await syncDirectory(world.parts, 'scheduled', new AbortController().signal)
    // When it began, and when it ended.
    expect(await rowsWritten(world.parts.db)).toBe(before + 2)
  },
)

test('positions are copied, and stay where WeCom gives names alone', async () => {
  await world.wecom.hire({ userid: 'xinren', name: '新人', departments: [9], position: '店长' })
  await sync()
  expect(await find('xinren')).toMatchObject([{ name: '新人', position: '店长' }])
  // More departments than there are: WeCom finds all of them too large for details.
  await world.wecom.fault({ path: '/cgi-bin/user/list', kind: 'errcode', errcode: 45029, times: 100 })
  await world.wecom.change('xinren', { name: '旧人' })
  await sync()
  expect(await find('xinren')).toMatchObject([{ name: '旧人', position: '店长' }])
})

test('who is in the range by a tag alone is copied', async () => {
  await world.wecom.showTo({ users: ['zhangsan'], parties: [], tags: [1] })
  await sync()
  const named = (await people()).filter(({ active }) => active === 1)
  expect(named.length).toBeGreaterThan(1)
  expect(named.length).toBeLessThan(60)
})

test('what waits for somebody who left shows that he has', async () => {
  const { pushId } = await launch(world, admin)
  await world.parts.jobs.idle()
  await world.wecom.dismiss('lisi')
  await sync()
  const { rows } = await admin('GET /api/console/pushes/:pushId/executions', {
    params: { pushId },
    query: { state: 'pending' },
  })
  expect(rows.map(({ userid, active }) => [userid, active])).toEqual(
    expect.arrayContaining([
      ['zhangsan', true],
      ['lisi', false],
    ]),
  )
})

test('who is dismissed is shut out within the hour', async () => {
  const employee = await world.employee('lisi')
  expect(await employee('GET /api/me/session')).toMatchObject({ userid: 'lisi' })
  await world.wecom.dismiss('lisi')
  world.clock.advance(HOUR)
  await world.parts.jobs.idle()
  await expect(employee('GET /api/me/session')).rejects.toMatchObject({ code: 'unauthenticated' })
})

test('who joins, moves, is renamed or leaves does so here', async () => {
  await world.wecom.hire({ userid: 'XinRen', name: '曾新人', departments: [3, 9] })
  await world.wecom.change('lisi', { name: '李思', departments: [10] })
  await world.wecom.dismiss('wangwu')
  await sync()
  expect(await find('zengxin')).toMatchObject([
    { userid: 'XinRen', name: '曾新人', department: '总部职能中心/市场品牌部' },
  ])
  expect(await find('李四')).toEqual([])
  expect(await find('ls')).toContainEqual(
    expect.objectContaining({ userid: 'lisi', name: '李思', department: '华东大区/上海徐家汇店' }),
  )
  expect(await find('wangwu')).toEqual([])
  const gone = (await people()).find(({ userid }) => userid === 'wangwu')
  expect(gone).toMatchObject({ name: '王五', active: 0 })
  expect(gone!.leftAt).not.toBeNull()
})

test('who is disabled in WeCom is shut out like one who left, until he is enabled again', async () => {
  const employee = await world.employee('lisi')
  for (const status of [2, 5]) {
    await world.wecom.change('lisi', { status })
    await sync()
    expect(await find('lisi')).toEqual([])
    await expect(employee('GET /api/me/session')).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(await logIn(world.browser(), world.wecom, 'me', 'lisi')).toContain('/m/refused')
  }
  await world.wecom.change('lisi', { status: 4 })
  await sync()
  expect(await find('lisi')).toMatchObject([{ userid: 'lisi', active: true }])
})

test('who comes back is the same person as before', async () => {
  await world.wecom.dismiss('wangwu')
  await sync()
  await world.wecom.hire({ userid: 'WangWu', name: '王五', departments: [3] })
  await sync()
  expect(await find('王五')).toMatchObject([{ userid: 'wangwu', active: true }])
  expect(await logIn(world.browser(), world.wecom, 'me', 'WangWu')).toBe('/m/')
})

test('WeCom refusing, failing or naming nobody makes nobody leave, and the settings page says why', async () => {
  const before = await people()
  await world.wecom.fault({ path: '/cgi-bin/agent/get', kind: 'errcode', errcode: 60020 })
  await admin('POST /api/console/directory/sync')
  await expect.poll(async () => (await admin('GET /api/console/directory')).lastError).toContain('企业可信IP')
  expect(await people()).toEqual(before)

  await loseJobs(world.parts.db, 'directory.sync')
  await world.wecom.showTo({ users: [], parties: [], tags: [] })
  await admin('POST /api/console/directory/sync')
  await expect.poll(async () => (await admin('GET /api/console/directory')).lastError).toContain('可见范围')
  expect(await people()).toEqual(before)
})

test('a server that stops does not wait for a WeCom that hangs, and copies after its next start', async () => {
  await world.wecom.fault({ path: '/cgi-bin/agent/get', kind: 'delay', delayMs: 9_000 })
  const calls = (await world.wecom.calls('/cgi-bin/agent/get')).length
  await admin('POST /api/console/directory/sync')
  await expect.poll(async () => (await admin('GET /api/console/directory')).running).toBe(true)
  const stopping = performance.now()
  await world.stopServer()
  // Work that cannot begin anew is waited for as long.
  expect(performance.now() - stopping).toBeLessThan(8_000)
  await world.restart()
  expect((await world.wecom.calls('/cgi-bin/agent/get')).length).toBeGreaterThan(calls)
  expect(await admin('GET /api/console/directory')).toMatchObject({ running: false, lastError: null })
})
