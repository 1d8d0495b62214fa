import { MINUTE, startOfMinute } from '@qimeng/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pendingJobs } from '../test/jobs.ts'
import { type AdminCaller, startWorld, type World } from '../test/world.ts'
import { batchesOf, cardsOf, cardStates, later, launch, SEND } from './campaign.fixture.ts'

const TOKEN = '/cgi-bin/gettoken'

let world: World
let admin: AdminCaller

beforeAll(async () => {
  world = await startWorld()
  world.clock.set(startOfMinute(Date.now()))
})
beforeEach(async () => {
  await world.wecom.up()
  await later(world, 3 * MINUTE)
  admin = await world.admin('zhangsan')
  await world.parts.db.deleteFrom('wecomTokens').execute()
})
afterAll(() => world.stop())

/** The job has begun: it is asking WeCom for a token. */
const underWay = () =>
  expect
    .poll(async () =>
      (await pendingJobs(world.parts.db)).filter(({ kind, running }) => kind === 'card.send' && running),
    )
    .toHaveLength(1)

describe('a batch without an access token', () => {
  it('is not sent when its task was deleted while WeCom took its time over the token', async () => {
    await world.wecom.fault({ path: TOKEN, kind: 'delay', delayMs: 1_500 })
    const { taskId, pushId } = await launch(world, admin)
    await underWay()
    await admin('DELETE /api/console/tasks/:taskId', { params: { taskId } })
    await world.parts.jobs.idle()
    expect(await cardsOf(world, 'lisi', pushId)).toEqual([])
    expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'failed', attempts: 0 }])
  })

  it.each(['drop-before', 'drop-after', 'http-502'] as const)(
    'has certainly not been sent when the fetch fails (%s), and comes again',
    async (kind) => {
      await world.wecom.fault({ path: TOKEN, kind })
      const before = (await world.wecom.calls(SEND)).length
      const { pushId } = await launch(world, admin)
      await world.parts.jobs.idle()
      expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'ready', attempts: 1, firstAmbiguousAt: null }])
      expect(await world.wecom.calls(SEND)).toHaveLength(before)
      await later(world, MINUTE)
      expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
    },
  )

  it('is blocked while WeCom refuses the secret, and goes on by itself', async () => {
    await world.wecom.fault({ path: TOKEN, kind: 'errcode', errcode: 40001 })
    const { pushId } = await launch(world, admin)
    await world.parts.jobs.idle()
    expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'blocked', errcode: 40001 }])
    // A refused secret rests for five minutes, lest WeCom ban this address.
    await later(world, 6 * MINUTE)
    expect(await cardStates(world, pushId)).toEqual({ zhangsan: 'delivered', lisi: 'delivered' })
  })
})
