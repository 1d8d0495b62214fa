import { MINUTE, SECOND, startOfMinute } from '@qimeng/contract'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { aPush } from '../test/builders.ts'
import { type AdminCaller, startWorld, type World } from '../test/world.ts'
import { batchesOf, cardsOf, later, launch, SEND } from './campaign.fixture.ts'

/** A machine that does other things may take its time. */
const PATIENT = { timeout: 60_000 }

const CALLS = 5
/** Each call names a thousand people. */
const LARGE = CALLS * 1_000

let world: World
let admin: AdminCaller
let everybody: string[]

beforeAll(async () => {
  // One call after the other: of those that are made side by side nobody knows which arrives first.
  const lanes = { 'card.rest': 1 }
  world = await startWorld({ people: LARGE + 10, env: { MAX_EXECUTORS: String(LARGE) }, lanes })
  world.clock.set(startOfMinute(Date.now()))
  admin = await world.admin('zhangsan')
  const rows = await world.parts.db.selectFrom('employees').select('userid').where('active', '=', 1).execute()
  everybody = rows.map(({ userid }) => userid).slice(0, LARGE)
})
afterAll(() => world.stop())

const callsOf = async (pushIds: string[]) =>
  (await Promise.all(pushIds.map((pushId) => batchesOf(world, pushId)))).flat()

it('of tasks due in the same minute the small one, created last, is sent first, and the large ones take turns', async () => {
  const pushes = [aPush({ scheduledAt: startOfMinute(world.clock.now()) + MINUTE })]
  const large = [
    await launch(world, admin, { executors: everybody, pushes }),
    await launch(world, admin, { executors: everybody, pushes }),
  ].map(({ pushId }) => pushId)
  const small = await launch(world, admin, { executors: ['lisi'], pushes })

  await later(world, MINUTE)
  expect(await cardsOf(world, 'lisi', small.pushId)).toHaveLength(1)
  expect(await callsOf(large)).toEqual([])

  // WeCom answers nobody until both large ones are frozen.
  await world.wecom.fault({ path: SEND, kind: 'delay', delayMs: 9_000, times: 10_000 })
  const sent = later(world, SECOND)
  await vi.waitFor(async () => expect(await callsOf(large)).toHaveLength(2 * CALLS), 9_000)
  await world.wecom.up()
  await sent

  const bodies = (await world.wecom.calls(SEND)).map(({ body }) => body)
  const rest = (await callsOf(large)).filter(({ part }) => part > 0)
  const inOrder = rest.toSorted((a, b) => bodies.indexOf(a.body) - bodies.indexOf(b.body))
  expect(inOrder.map(({ part }) => part)).toEqual([1, 1, 2, 2, 3, 3, 4, 4])
})

it('a small task that comes when a large one is on its way does not wait for it', async () => {
  await world.wecom.fault({ path: SEND, kind: 'delay', delayMs: 300, times: 10_000 })
  const large = await launch(world, admin, { executors: everybody })
  await later(world, MINUTE)
  await vi.waitFor(async () => expect(await batchesOf(world, large.pushId)).toHaveLength(CALLS), PATIENT)
  const small = await launch(world, admin, { executors: ['lisi'] })
  await vi.waitFor(async () => expect(await cardsOf(world, 'lisi', small.pushId)).toHaveLength(1), 5_000)
  await world.wecom.up()
  await later(world, MINUTE)
})
