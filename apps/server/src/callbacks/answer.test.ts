import { DAY, HOUR, MINUTE, startOfMinute, startOfShanghaiDay } from '@qimeng/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { launch, SEND } from '../delivery/campaign.fixture.ts'
import type { AdminCaller, World } from '../test/world.ts'
import { listenHere, startListeningWorld } from './listening.fixture.ts'

let world: World
let admin: AdminCaller
beforeEach(async () => {
  world = await startListeningWorld()
  // Ten in the morning in Shanghai: a few hours pass in these tests, and no midnight.
  world.clock.set(startOfMinute(startOfShanghaiDay(Date.now()) + DAY + 10 * HOUR))
  await idle()
  admin = await world.admin('zhangsan')
})
afterEach(() => world.stop())

const idle = () => world.parts.jobs.idle()
const write = async (userid: string, content = '任务') => {
  await world.wecom.tell({ event: 'text', userid, content })
  await idle()
}
const enter = async (userid: string) => {
  await world.wecom.tell({ event: 'enter_agent', userid })
  await idle()
}
/** Texts on a person's phone; cards are not among them. */
const textsOf = async (userid: string) =>
  (await world.wecom.messagesOf(userid))
    .filter(({ msgtype }) => msgtype === 'text')
    .map(({ content }) => String(content.content))
const later = async (ms: number) => {
  world.clock.advance(ms)
  await idle()
}

describe('a text from an employee', () => {
  it('is answered by the number of open tasks and a link', async () => {
    await launch(world, admin)
    const deleted = await launch(world, admin, { name: '不要了' })
    await idle()
    await write('lisi')
    expect(await textsOf('lisi')).toEqual([
      expect.stringMatching(/^你有 2 条朋友圈等待发表。\n<a href=".*">查看任务<\/a>$/),
    ])
    await admin('DELETE /api/console/tasks/:taskId', { params: { taskId: deleted.taskId } })
    await later(MINUTE)
    await write('lisi', '还有吗')
    const [, second] = await textsOf('lisi')
    expect(second).toContain('你有 1 条')
    const link = /href="([^"]+)"/.exec(second!)![1]!
    expect(link).toMatch(new RegExp(`^${world.publicUrl}/m/\\?e=\\w+$`))
  })

  it('is answered when nothing is open, too', async () => {
    await write('wangwu', '你好')
    expect(await textsOf('wangwu')).toEqual([expect.stringContaining('你现在没有等待发表的朋友圈')])
  })

  it('is answered again, although the answer says the same: WeCom would take equal bytes for a repeat', async () => {
    await write('wangwu')
    await later(MINUTE)
    await write('wangwu')
    expect(await textsOf('wangwu')).toHaveLength(2)
  })

  it('is answered twice a minute at most, so that chatter costs nobody his card', async () => {
    for (let n = 0; n < 5; n++) await write('wangwu', `第 ${n} 句`)
    expect(await textsOf('wangwu')).toHaveLength(2)
    await later(MINUTE + 1)
    await write('wangwu', '又来了')
    expect(await textsOf('wangwu')).toHaveLength(3)
  })

  it('is answered once, although nobody saw the end of the call', async () => {
    await world.wecom.fault({ path: SEND, kind: 'drop-after' })
    await write('wangwu')
    expect(await textsOf('wangwu')).toHaveLength(1)
    await later(10_000)
    expect(await world.wecom.calls(SEND)).toHaveLength(2)
    expect(await textsOf('wangwu')).toHaveLength(1)
  })

  it('is answered once, although WeCom brings it three times and somebody who has listened a fourth', async () => {
    await listenHere(world, { duplicates: 2 })
    const { id } = await world.wecom.tell({ event: 'text', userid: 'wangwu', content: '任务' })
    await world.wecom.tellAgain(id, true)
    await later(MINUTE)
    expect(await textsOf('wangwu')).toHaveLength(1)
  })

  it('is left without an answer when WeCom was away for too long, or refuses', async () => {
    await world.wecom.down(3600)
    await write('wangwu')
    await later(11 * MINUTE)
    await world.wecom.up()
    await later(MINUTE)
    expect(await textsOf('wangwu')).toEqual([])

    await world.wecom.fault({ path: SEND, kind: 'errcode', errcode: 48002 })
    await write('wangwu')
    await later(MINUTE)
    expect(await textsOf('wangwu')).toEqual([])
    const events = await world.parts.db.selectFrom('callbackEvents').selectAll().where('kind', '=', 'text').execute()
    expect(events.map(({ errcode, doneAt }) => [errcode, doneAt !== null])).toEqual([
      [null, true],
      [48002, true],
    ])
  })

  it('whom the directory does not know gets no answer', async () => {
    await world.wecom.showTo({ users: ['zhangsan'], parties: [], tags: [] })
    await later(HOUR)
    await world.wecom.showTo({ users: [], parties: [1], tags: [] })
    await write('wangwu')
    expect(await textsOf('wangwu')).toEqual([])
  })

  it('is not kept: only that somebody wrote', async () => {
    await write('wangwu', '我的密码是 hunter2')
    const rows = await world.parts.db.selectFrom('callbackEvents').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain('hunter2')
  })
})

describe('opening the app', () => {
  it('is greeted once a day, and only with open tasks', async () => {
    await enter('lisi')
    expect(await textsOf('lisi')).toEqual([])
    await launch(world, admin)
    await later(MINUTE)
    await enter('lisi')
    await later(HOUR)
    await enter('lisi')
    expect(await textsOf('lisi')).toEqual([expect.stringContaining('你有 1 条')])
    await later(DAY)
    await enter('lisi')
    expect(await textsOf('lisi')).toHaveLength(2)
  })
})
