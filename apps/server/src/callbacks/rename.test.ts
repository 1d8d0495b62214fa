import { SECOND } from '@qimeng/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { batchesOf, cardStates, later, launch, SEND } from '../delivery/campaign.fixture.ts'
import { addressedIn } from '../delivery/renamed.ts'
import type { AdminCaller, EmployeeCaller, World } from '../test/world.ts'
import { renamePerson } from './rename.ts'
import { listenHere, startListeningWorld } from './listening.fixture.ts'

let world: World
let admin: AdminCaller
let employee: EmployeeCaller
beforeEach(async () => {
  world = await startListeningWorld({ env: { ADMIN_USERIDS: 'zhangsan,lisi' } })
  admin = await world.admin('lisi')
  employee = await world.employee('lisi')
})
afterEach(() => world.stop())

const rename = async (userid: string, newUserid: string) => {
  await world.wecom.change(userid, { userid: newUserid })
  const told = async () => (await world.wecom.told()).every(({ outcome }) => outcome === 'delivered')
  await expect.poll(told, { timeout: 20_000 }).toBe(true)
  await world.parts.jobs.idle()
}
const sync = async () => {
  await admin('POST /api/console/directory/sync')
  await world.parts.jobs.idle()
}
const find = async (keyword: string) => (await admin('GET /api/console/people', { query: { keyword } })).rows
const executors = async (pushId: string) => Object.keys(await cardStates(world, pushId)).sort()

describe('who is called by another userid', () => {
  it('keeps sessions, tasks, executions and the right to the console', async () => {
    const { taskId, pushId } = await launch(world, admin)
    await world.parts.jobs.idle()
    await rename('lisi', 'lisi01')
    expect(await employee('GET /api/me/session')).toMatchObject({ userid: 'lisi01', name: '李四' })
    expect((await employee('GET /api/me/executions', { query: { state: 'pending' } })).rows).toMatchObject([{ pushId }])
    expect(await admin('GET /api/console/session')).toMatchObject({ userid: 'lisi01' })
    expect((await admin('GET /api/console/admins')).admins.map(({ userid }) => userid)).toEqual(['lisi01', 'zhangsan'])
    expect(await admin('GET /api/console/tasks', { query: {} })).toMatchObject({
      total: 1,
      rows: [{ id: taskId, createdBy: { userid: 'lisi01', name: '李四' } }],
    })
    const { rows: deeds } = await admin('GET /api/console/audit', { query: {} })
    expect(deeds).toContainEqual(expect.objectContaining({ actor: '李四', action: 'task.create' }))
    expect(await executors(pushId)).toEqual(['lisi01', 'zhangsan'])
    expect(await find('李四')).toMatchObject([{ userid: 'lisi01' }])
  })

  it('is the same person to the copy of the directory that follows, and gets what comes later', async () => {
    await rename('lisi', 'lisi01')
    await later(world, 10 * SECOND)
    await sync()
    expect(await find('李四')).toMatchObject([{ userid: 'lisi01', active: true }])
    expect(await employee('GET /api/me/session')).toMatchObject({ userid: 'lisi01' })
    const { pushId } = await launch(world, admin, { executors: ['lisi01'] })
    await world.parts.jobs.idle()
    expect(await cardStates(world, pushId)).toEqual({ lisi01: 'delivered' })
  })

  it('is one person again when WeCom could tell of it only after a copy of the directory', async () => {
    const { pushId } = await launch(world, admin)
    await world.parts.jobs.idle()
    admin = await world.admin('zhangsan')
    await world.wecom.deafen()
    await world.wecom.change('lisi', { userid: 'lisi01' })
    await sync()
    await expect(employee('GET /api/me/session')).rejects.toMatchObject({ code: 'unauthenticated' })
    await listenHere(world)
    const change = { UserID: 'LiSi', NewUserID: 'LiSi01', Name: '李四' }
    await world.wecom.tell({ event: 'change_contact', changeType: 'update_user', fields: change })
    await world.parts.jobs.idle()
    expect(await executors(pushId)).toEqual(['lisi01', 'zhangsan'])
    expect(await find('李四')).toMatchObject([{ userid: 'lisi01', active: true }])
    expect((await admin('GET /api/console/admins')).admins.map(({ userid }) => userid)).toEqual(['lisi01', 'zhangsan'])
  })

  it.each([
    ['has certainly not seen, under the new userid', 'errcode', ['zhangsan', 'lisi01']],
    ['may have delivered, with the same bytes', 'drop-after', ['zhangsan', 'lisi']],
  ] as const)('gets a card that WeCom %s', async (_, kind, addressed) => {
    await world.wecom.fault({ path: SEND, kind, errcode: -1 })
    const { pushId } = await launch(world, admin)
    await world.parts.jobs.idle()
    await rename('lisi', 'lisi01')
    await later(world, 20 * SECOND)
    expect(await cardStates(world, pushId)).toEqual({ zhangsan: 'delivered', lisi01: 'delivered' })
    expect(await world.wecom.messagesOf('lisi01')).toHaveLength(1)
    const [batch] = await batchesOf(world, pushId)
    expect(addressedIn(batch!.body)).toEqual(addressed)
    expect(JSON.parse(batch!.recipients)).toEqual(['zhangsan', 'lisi01'])
  })

  it('gets a card whose call was under way and was refused, under the new userid', async () => {
    // WeCom takes its time with a call that names lisi, and refuses it; meanwhile he is called otherwise.
    await world.wecom.fault({ path: SEND, kind: 'errcode', errcode: -1, delayMs: 3_000 })
    const { pushId } = await launch(world, admin)
    await expect.poll(async () => (await batchesOf(world, pushId))[0]?.state, { timeout: 20_000 }).toBe('sending')
    await renamePerson(world.parts, { from: 'lisi', to: 'lisi01' })
    expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'sending', attempts: 1 }])
    await world.wecom.deafen()
    await world.wecom.change('lisi', { userid: 'lisi01' })
    await world.parts.jobs.idle()
    await later(world, 20 * SECOND)
    expect(await cardStates(world, pushId)).toEqual({ zhangsan: 'delivered', lisi01: 'delivered' })
    expect(await world.wecom.messagesOf('lisi01')).toHaveLength(1)
    expect(addressedIn((await batchesOf(world, pushId))[0]!.body)).toEqual(['zhangsan', 'lisi01'])
  })
})
