import type { Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Database } from '../db/schema.ts'
import { type JobWorld, NOON, startJobWorld } from '../test/jobs.ts'
import { ENGINE } from '../test/database.ts'

/** A machine that does other things may take its time. */
const PATIENT = { timeout: 60_000 }

let world: JobWorld
let db: Kysely<Database>
let clock: JobWorld['clock']
beforeEach(async () => {
  world = await startJobWorld()
  ;({ db, clock } = world)
})
afterEach(() => world.end())

const start: JobWorld['start'] = (...handlers) => world.start(...handlers)
const rows = () => db.selectFrom('jobs').selectAll().execute()
const plan = () => world.plan()
const door = () => world.door()

/** A handler that notes what it was given. */
function recorder() {
  const seen: string[] = []
  return { seen, handle: async ({ pushId }: { pushId: string }) => void seen.push(pushId) }
}

describe.skipIf(ENGINE !== 'sqlite')('the embedded engine', () => {
  const SHORT = 90

  test('a running job keeps its lease for as long as it takes', async () => {
    const { open, opened } = door()
    let runs = 0
    const handlers = { 'export.build': () => (runs++, opened) }
    const first = await start(handlers, { leaseMs: SHORT })
    await first.enqueue(db, 'export.build', { exportId: 'e1' })
    await vi.waitFor(() => expect(runs).toBe(1), PATIENT)
    const second = await start(handlers, { leaseMs: SHORT })
    for (let beat = 0; beat < 3; beat++) {
      clock.advance(SHORT - 1)
      await vi.waitFor(async () => expect((await rows())[0]!.leaseUntil).toBe(clock.now() + SHORT), PATIENT)
    }
    open()
    await Promise.all([first.idle(), second.idle()])
    expect(runs).toBe(1)
  })

  test('a silent worker loses its job to another, is told so, and can write nothing more', async () => {
    const { open, opened } = door()
    const told: boolean[] = []
    const takenOver = door()
    const silent = await start(
      {
        'export.build': async (_, job) => {
          told.push(await job.stillMine())
          await opened
          told.push(await job.stillMine(), job.signal.aborted)
          throw new Error('too late')
        },
      },
      // Its next sign of life comes after ten seconds of real time, for the clock below that is far too late.
      { leaseMs: 30_000 },
    )
    await silent.enqueue(db, 'export.build', { exportId: 'e1' })
    await vi.waitFor(() => expect(told).toEqual([true]), PATIENT)
    clock.advance(30_001)
    let attempt = 0
    start({
      'export.build': async (_, job) => {
        attempt = job.attempt
        await takenOver.opened
      },
    })
    await vi.waitFor(() => expect(attempt).toBe(2), PATIENT)
    const before = await rows()
    open()
    await vi.waitFor(() => expect(told).toEqual([true, false, false]), PATIENT)
    await silent.stop()
    expect(await rows()).toEqual(before)
    takenOver.open()
    await vi.waitFor(async () => expect(await rows()).toEqual([]), PATIENT)
  })

  test('a worker whose lease was taken finds its signal aborted at the next beat', async () => {
    let signal: AbortSignal | undefined
    const { opened } = door()
    const jobs = await start(
      {
        'export.build': async (_, job) => {
          signal = job.signal
          await opened
        },
      },
      { leaseMs: SHORT },
    )
    await jobs.enqueue(db, 'export.build', { exportId: 'e1' })
    await vi.waitFor(() => expect(signal).toBeDefined(), PATIENT)
    await db
      .updateTable('jobs')
      .set({ leaseToken: 'somebody else', leaseUntil: NOON + 60_000 })
      .execute()
    await vi.waitFor(() => expect(signal!.aborted).toBe(true), PATIENT)
  })

  test('the jobs of a process that died are taken over at the start, without waiting for their lease', async () => {
    const { seen, handle } = recorder()
    const planner = await plan()
    await planner.enqueue(db, 'push.issue', { pushId: 'p1' }, { key: 'push:1' })
    const died = { leaseToken: 'another process', leaseUntil: NOON + 60_000, attempts: 1 }
    await db.updateTable('jobs').set(died).execute()
    await planner.enqueue(db, 'push.issue', { pushId: 'p1 again' }, { key: 'push:1' })
    await (await start({ 'push.issue': handle })).idle()
    expect(seen).toEqual(['p1', 'p1 again'])
  })

  test('a clock that jumps ahead does not start a running job a second time', async () => {
    const { open, opened } = door()
    let runs = 0
    const jobs = await start({ 'card.send': () => (runs++, opened) })
    await jobs.enqueue(db, 'card.send', { batchId: 'b1' })
    await vi.waitFor(() => expect(runs).toBe(1), PATIENT)
    clock.advance(3 * 3_600_000)
    await jobs.enqueue(db, 'card.send', { batchId: 'b2' })
    await vi.waitFor(() => expect(runs).toBe(2), PATIENT) // b2 alone
    open()
    await jobs.idle()
    expect(runs).toBe(2)
  })

  test('a job that takes its process down at every attempt is given up in the end', async () => {
    const planner = await plan()
    await planner.enqueue(db, 'push.issue', { pushId: 'p1' })
    await db.updateTable('jobs').set({ leaseToken: 'dead', leaseUntil: NOON, attempts: 20 }).execute()
    await (await start({})).idle()
    expect(await rows()).toEqual([expect.objectContaining({ lastError: 'The process died at every attempt' })])
  })

  test('a recurring job runs at the start and then at its interval, also after the clock was set back', async () => {
    let runs = 0
    const jobs = await start({ 'delivery.sweep': async () => void runs++ })
    jobs.schedule('delivery.sweep', {}, 60_000)
    await jobs.idle()
    expect(runs).toBe(1)
    clock.advance(59_999)
    await jobs.idle()
    expect(runs).toBe(1)
    clock.advance(1)
    await jobs.idle()
    expect(runs).toBe(2)
    clock.advance(-3_600_000)
    await jobs.idle()
    expect(runs).toBe(3)
  })
})
