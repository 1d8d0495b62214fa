import { HOUR, MINUTE, startOfMinute } from '@qimeng/contract'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AdminCaller, startWorld, type World } from '../test/world.ts'
import { batchesOf, later, launch, SEND } from './campaign.fixture.ts'

const RECALL = '/cgi-bin/message/recall'

let world: World
let admin: AdminCaller
beforeAll(async () => {
  world = await startWorld()
  world.clock.set(startOfMinute(Date.now()))
})
beforeEach(async () => void (admin = await world.admin('zhangsan')))
afterEach(() => world.wecom.up())
afterAll(() => world.stop())

const remove = (taskId: string) => admin('DELETE /api/console/tasks/:taskId', { params: { taskId } })
const idle = () => world.parts.jobs.idle()

/** Whether each card that the person got of a push is still there to be read. */
async function readable(userid: string, pushId: string) {
  const messages = await world.wecom.messagesOf(userid)
  return messages
    .filter(({ content }) => String(content['url']).includes(`/m/pushes/${pushId}?`))
    .map(({ recalled }) => !recalled)
}

describe('deleting a task', () => {
  it('takes its cards back from the phones, those of reminders too', async () => {
    const { taskId, pushId } = await launch(world, admin)
    await idle()
    await admin('POST /api/console/pushes/:pushId/reminders', { params: { pushId }, body: { userids: null } })
    await idle()
    expect(await readable('lisi', pushId)).toEqual([true, true])
    await remove(taskId)
    await idle()
    expect(await readable('lisi', pushId)).toEqual([false, false])
    expect(await batchesOf(world, pushId)).toMatchObject([{ recalledAt: expect.any(Number) }, {}])
  })

  it('leaves cards older than a day, which WeCom would refuse', async () => {
    const { taskId, pushId } = await launch(world, admin)
    await idle()
    world.clock.advance(25 * HOUR)
    admin = await world.admin('zhangsan')
    const calls = (await world.wecom.calls(RECALL)).length
    await remove(taskId)
    await idle()
    expect(await readable('lisi', pushId)).toEqual([true])
    expect(await world.wecom.calls(RECALL)).toHaveLength(calls)
  })

  it('while WeCom is out of reach takes them back when it returns', async () => {
    const { taskId, pushId } = await launch(world, admin)
    await idle()
    await world.wecom.down(600)
    await remove(taskId)
    await idle()
    expect(await readable('lisi', pushId)).toEqual([true])
    await world.wecom.up()
    await later(world, MINUTE)
    expect(await readable('lisi', pushId)).toEqual([false])
  })

  it('writes down why WeCom refuses, and does not ask again', async () => {
    const { taskId, pushId } = await launch(world, admin)
    await idle()
    await world.wecom.fault({ path: RECALL, kind: 'errcode', errcode: 42052 })
    await remove(taskId)
    await idle()
    expect(await batchesOf(world, pushId)).toMatchObject([{ recalledAt: null, recallErrcode: 42052 }])
  })

  it('while a card is on its way takes it back as soon as WeCom has answered', async () => {
    await world.wecom.fault({ path: SEND, kind: 'delay', delayMs: 1_000 })
    const { taskId, pushId } = await launch(world, admin)
    await expect.poll(async () => (await batchesOf(world, pushId))[0]?.state).toBe('sending')
    await remove(taskId)
    await idle()
    expect(await readable('lisi', pushId)).toEqual([false])
  })
})
