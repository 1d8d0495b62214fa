import { MINUTE, SECOND, startOfMinute } from '@qimeng/contract'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { aPush } from '../test/builders.ts'
import { type AdminCaller, startWorld, type World } from '../test/world.ts'
import { batchesOf, cardsOf, later, launch, SEND } from './campaign.fixture.ts'

const LARGE = 6_000

let world: World
let admin: AdminCaller
let everybody: string[]

beforeAll(async () => {
  world = await startWorld({ people: LARGE + 10, env: { MAX_EXECUTORS: String(LARGE) } })
  world.clock.set(startOfMinute(Date.now()))
  admin = await world.admin('zhangsan')
  const rows = await world.parts.db.selectFrom('employees').select('userid').where('active', '=', 1).execute()
  everybody = rows.map(({ userid }) => userid).slice(0, LARGE)
})
afterAll(() => world.stop())

/** Every batch of these pushes in the order of their calls. */
async function callsInOrder(pushIds: string[]) {
  const batches = (await Promise.all(pushIds.map((pushId) => batchesOf(world, pushId)))).flat()
  const order = (await world.wecom.calls(SEND)).map(({ body }) => body)
  return batches.sort((a, b) => order.indexOf(a.body) - order.indexOf(b.body)).map(({ pushId }) => pushId)
}

it('of tasks due in the same minute the small one, created last, is sent first, and the large ones take turns', async () => {
  const pushes = [aPush({ scheduledAt: startOfMinute(world.clock.now()) + MINUTE })]
  const large = [
    await launch(world, admin, { executors: everybody, pushes }),
    await launch(world, admin, { executors: everybody, pushes }),
  ]
  const small = await launch(world, admin, { executors: ['lisi'], pushes })
  // The clock stands still within a step: the minute comes, the large ones are frozen, their rest is called.
  for (const ms of [MINUTE, SECOND, SECOND]) await later(world, ms)
  const [first, ...rest] = await callsInOrder([...large, small].map(({ pushId }) => pushId))
  expect(first).toBe(small.pushId)
  expect(rest).toHaveLength(12)
  // Of the first half of the calls, half are of each.
  expect(rest.slice(0, 6).filter((pushId) => pushId === large[0]!.pushId)).toHaveLength(3)
})

it('a small task that comes when a large one is on its way does not wait for it', async () => {
  await world.wecom.fault({ path: SEND, kind: 'delay', delayMs: 300, times: 10_000 })
  const large = await launch(world, admin, { executors: everybody })
  await later(world, MINUTE)
  await vi.waitFor(async () => expect(await batchesOf(world, large.pushId)).toHaveLength(6))
  const small = await launch(world, admin, { executors: ['lisi'] })
  await vi.waitFor(async () => expect(await cardsOf(world, 'lisi', small.pushId)).toHaveLength(1), 5_000)
  await world.wecom.up()
  await later(world, MINUTE)
})
