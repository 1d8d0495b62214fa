import { MINUTE, startOfMinute } from '@qimeng/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KillPoint } from '../parts.ts'
import { loseJobs } from '../test/jobs.ts'
import { type AdminCaller, startWorld, type World } from '../test/world.ts'
import { batchesOf, cardsOf, cardStates, later, launch } from './campaign.fixture.ts'

// Here a server "dies" by an exception at a named point, after which it reaches no other; packages/bench kills processes.
let world: World
let admin: AdminCaller
let deadly: KillPoint | undefined
let dead: boolean

const reached = (point: KillPoint) => {
  dead ||= point === deadly
  if (dead) throw new Error(`killed at ${point}`)
}

beforeEach(async () => {
  deadly = undefined
  dead = false
  world = await startWorld({ reached })
  world.clock.set(startOfMinute(Date.now()))
  admin = await world.admin('zhangsan')
})
afterEach(() => world.stop())

async function reanimate() {
  deadly = undefined
  dead = false
  await world.restart({ reached })
  await later(world, 3 * MINUTE)
}

describe('a server that dies while a push goes out', () => {
  it.each(['before-freeze', 'after-freeze', 'before-claim', 'before-call', 'after-call', 'after-outcome'] as const)(
    'at %s: everybody has one card afterwards',
    async (point) => {
      deadly = point
      const { pushId } = await launch(world, admin)
      await world.parts.jobs.idle()
      expect(dead).toBe(true)
      await reanimate()
      for (const userid of ['zhangsan', 'lisi']) expect(await cardsOf(world, userid, pushId)).toHaveLength(1)
      expect(await cardStates(world, pushId)).toEqual({ zhangsan: 'delivered', lisi: 'delivered' })
      expect(await batchesOf(world, pushId)).toMatchObject([{ state: 'sent', firstAmbiguousAt: null }])
    },
  )

  it('before the call, with its job lost as well: the sweep finds the batch', async () => {
    deadly = 'before-call'
    const { pushId } = await launch(world, admin)
    await world.parts.jobs.idle()
    await loseJobs(world.parts.db, 'card.send')
    await reanimate()
    await later(world, 3 * MINUTE)
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
  })
})

describe('a push that cannot be issued, whatever the server tries', () => {
  it('is given up so that somebody hears of it, and goes out as soon as it can', async () => {
    world.expectErrors()
    deadly = 'before-freeze'
    const { pushId } = await launch(world, admin)
    for (let minutes = 0; minutes < 110; minutes += 5) await later(world, 5 * MINUTE)
    expect(await world.parts.jobs.failed(10)).toMatchObject([{ kind: 'push.issue', data: { pushId } }])
    await reanimate()
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(1)
  })
})

describe('a server that dies after a reminder was created', () => {
  it('sends it once; the repeated request gets the answer of the first', async () => {
    const { pushId } = await launch(world, admin)
    await world.parts.jobs.idle()
    const remind = () =>
      admin('POST /api/console/pushes/:pushId/reminders', {
        params: { pushId },
        body: { userids: null },
        idempotencyKey: 'remind-once',
      })
    deadly = 'reminder-created'
    await remind().catch(() => undefined)
    await reanimate()
    expect(await remind()).toEqual({ round: 1, queued: 2, skipped: 0 })
    await world.parts.jobs.idle()
    expect(await cardsOf(world, 'lisi', pushId)).toHaveLength(2)
  })
})
