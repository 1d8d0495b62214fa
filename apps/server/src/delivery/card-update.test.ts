import { DAY, HOUR, MINUTE, startOfMinute } from '@qimeng/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startListeningWorld } from '../callbacks/listening.fixture.ts'
import { anImage } from '../test/builders.ts'
import type { AdminCaller, World } from '../test/world.ts'
import { later, launch } from './campaign.fixture.ts'

const UPDATE = '/cgi-bin/message/update_template_card'

let world: World
let admin: AdminCaller
beforeEach(async () => {
  world = await startListeningWorld({ env: { CARD_KIND: 'template_card' } })
  world.clock.set(startOfMinute(Date.now()))
  admin = await world.admin('zhangsan')
})
afterEach(() => world.stop())

const idle = () => world.parts.jobs.idle()
const issue = async () => {
  const campaign = await launch(world, admin)
  await idle()
  return campaign
}
const finish = async (userid: string, pushId: string) => {
  const employee = await world.employee(userid)
  const { id } = await employee('POST /api/me/images', {
    image: await anImage(),
    idempotencyKey: `${userid}-${pushId}`,
  })
  await employee('POST /api/me/pushes/:pushId/proofs', {
    params: { pushId },
    body: { images: [id] },
    idempotencyKey: `proof-${userid}-${pushId}`,
  })
  await idle()
}
const cards = async (userid: string) =>
  (await world.wecom.messagesOf(userid)).filter(({ msgtype }) => msgtype === 'template_card')
/** What the newest card says on this phone. */
const title = async (userid: string) => {
  const card = (await cards(userid)).at(-1)!
  return ((card.update ?? card.content) as { main_title: { title: string } }).main_title.title
}
const press = async (userid: string) => {
  const { id } = (await cards(userid)).at(-1)!
  await world.wecom.press(userid, id, 'finished')
  await idle()
}
const codes = () => world.parts.db.selectFrom('cardCodes').selectAll().orderBy('expiresAt').execute()
const calls = async () => (await world.wecom.calls(UPDATE)).length

describe('a card with a menu', () => {
  it('says 已完成 on everybody’s phone once all have finished, by the one code of the batch', async () => {
    const { pushId } = await issue()
    await finish('lisi', pushId)
    expect(await title('lisi')).toBe('朋友圈任务：秋季新品上市')
    await finish('zhangsan', pushId)
    expect([await title('lisi'), await title('zhangsan')]).toEqual(['已完成', '已完成'])
    expect((await cards('lisi'))[0]!.update).not.toHaveProperty('action_menu')
    expect(await calls()).toBe(1)
    expect(await codes()).toMatchObject([{ userid: null, errcode: 0, spentAt: world.clock.now() }])
  })

  it('says 已完成 to those who have, shortly before the code’s three days end', async () => {
    const { pushId } = await issue()
    await finish('lisi', pushId)
    await later(world, 3 * DAY - HOUR - MINUTE)
    expect(await calls()).toBe(0)
    await later(world, MINUTE)
    expect([await title('lisi'), await title('zhangsan')]).toEqual(['已完成', '朋友圈任务：秋季新品上市'])
    await finish('zhangsan', pushId)
    expect(await calls()).toBe(1)
  })

  it('pressed by who has finished changes at once, for this person alone', async () => {
    const { pushId } = await issue()
    await finish('lisi', pushId)
    await press('lisi')
    expect([await title('lisi'), await title('zhangsan')]).toEqual(['已完成', '朋友圈任务：秋季新品上市'])
    expect(await codes()).toContainEqual(expect.objectContaining({ userid: 'lisi', errcode: 0 }))
  })

  it('pressed too early tells why, and changes as soon as its person has finished', async () => {
    const { pushId } = await issue()
    await press('lisi')
    const answer = (await world.wecom.messagesOf('lisi')).find(({ msgtype }) => msgtype === 'text')!
    expect(answer.content.content).toContain('还没有完成')
    expect(answer.content.content).toContain(`${world.publicUrl}/m/pushes/${pushId}?e=`)
    expect(await title('lisi')).toBe('朋友圈任务：秋季新品上市')
    await finish('lisi', pushId)
    expect(await title('lisi')).toBe('已完成')
  })

  it('of a reminder has a code of its own', async () => {
    const { pushId } = await issue()
    await admin('POST /api/console/pushes/:pushId/reminders', { params: { pushId }, body: { userids: ['lisi'] } })
    await idle()
    expect(await title('lisi')).toBe('第 1 次提醒：秋季新品上市')
    await finish('lisi', pushId)
    expect(await title('lisi')).toBe('已完成')
    expect((await cards('lisi'))[0]!.update).toBeUndefined()
  })

  it('is sent without one while WeCom has told us nothing: it might refuse it', async () => {
    await world.parts.db.deleteFrom('callbackEvents').execute()
    await issue()
    const [card] = await cards('lisi')
    expect(card!.content).not.toHaveProperty('action_menu')
    expect(await codes()).toEqual([])
  })
})

describe('an update', () => {
  it('that WeCom refuses is written down and left: proofs are taken all the same', async () => {
    const { pushId } = await issue()
    await world.wecom.fault({ path: UPDATE, kind: 'errcode', errcode: 60140 })
    await finish('lisi', pushId)
    await finish('zhangsan', pushId)
    expect(await codes()).toMatchObject([{ errcode: 60140 }])
    await later(world, HOUR)
    expect(await calls()).toBe(1)
  })

  it('waits for a WeCom that is out of reach', async () => {
    const { pushId } = await issue()
    await finish('lisi', pushId)
    await world.wecom.fault({ path: UPDATE, kind: 'drop-before' })
    await finish('zhangsan', pushId)
    expect(await title('lisi')).toBe('朋友圈任务：秋季新品上市')
    await later(world, MINUTE)
    expect(await title('lisi')).toBe('已完成')
  })

  it('of a deleted task is none', async () => {
    const { taskId, pushId } = await issue()
    await finish('lisi', pushId)
    await admin('DELETE /api/console/tasks/:taskId', { params: { taskId } })
    await press('zhangsan').catch(() => {})
    await later(world, 3 * DAY - HOUR)
    expect(await calls()).toBe(0)
  })
})
