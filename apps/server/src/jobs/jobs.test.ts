import type { Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Database } from '../db/schema.ts'
import { type JobWorld, NOON, startJobWorld } from '../test/jobs.ts'
import { RetryLater } from './jobs.ts'
import { LANES } from './kinds.ts'

/** An engine may look for what is due only once a second, and the machine be busy. */
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
const plan = () => world.plan()
const door = () => world.door()
const pending = () => world.pending()

/** A handler that notes what it was given. */
function recorder() {
  const seen: string[] = []
  return { seen, handle: async ({ pushId }: { pushId: string }) => void seen.push(pushId) }
}

describe('planning', () => {
  test('a job starts right after its transaction committed, not before and not at the next poll', async () => {
    const { seen, handle } = recorder()
    const jobs = await start({ 'push.issue': handle }, { pollMs: 3_600_000 })
    await jobs.idle() // the look for jobs at the start is over
    await db.transaction().execute(async (trx) => {
      await jobs.enqueue(trx, 'push.issue', { pushId: 'p1' })
      await new Promise((resolve) => setImmediate(resolve))
      expect(seen).toEqual([])
    })
    await vi.waitFor(() => expect(seen).toEqual(['p1']), PATIENT)
  })

  test('a job whose transaction rolled back never runs', async () => {
    const { seen, handle } = recorder()
    const jobs = await start({ 'push.issue': handle })
    const transaction = db.transaction().execute(async (trx) => {
      await jobs.enqueue(trx, 'push.issue', { pushId: 'p1' })
      throw new Error('the task was invalid')
    })
    await expect(transaction).rejects.toThrow('the task was invalid')
    await jobs.idle()
    expect(seen).toEqual([])
    expect(await pending()).toEqual([])
  })

  test('a job for later waits for its minute by the clock it was given, and runs in order', async () => {
    const { seen, handle } = recorder()
    const jobs = await start({ 'push.issue': handle })
    const inSixtyDays = NOON + 60 * 86_400_000
    await jobs.enqueue(db, 'push.issue', { pushId: 'later' }, { at: inSixtyDays + 1 })
    await jobs.enqueue(db, 'push.issue', { pushId: 'sooner' }, { at: inSixtyDays })
    await jobs.idle()
    expect(seen).toEqual([])
    clock.advance(60 * 86_400_000 - 1)
    await jobs.idle()
    expect(seen).toEqual([])
    clock.advance(1)
    await jobs.idle()
    expect(seen).toEqual(['sooner'])
    clock.advance(1)
    await jobs.idle()
    expect(seen).toEqual(['sooner', 'later'])
  })

  test('a job for later is found when its time comes, by looking', async () => {
    const { seen, handle } = recorder()
    const jobs = await start({ 'push.issue': handle })
    await jobs.enqueue(db, 'push.issue', { pushId: 'now' })
    await jobs.idle()
    for (const pushId of ['p1', 'p2']) await jobs.enqueue(db, 'push.issue', { pushId }, { at: NOON + 60_000 })
    clock.advance(60_000)
    await vi.waitFor(() => expect(seen.toSorted()).toEqual(['now', 'p1', 'p2']), PATIENT)
  })

  test('those who plan many jobs in the same minute take turns, whoever planned his first', async () => {
    const planning = await plan()
    for (const name of ['a', 'b']) {
      for (const turn of [1, 2, 3]) await planning.enqueue(db, 'push.issue', { pushId: `${name}${turn}` }, { turn })
      clock.advance(1_000)
    }
    const { seen, handle } = recorder()
    await (await start({ 'push.issue': handle }, { lanes: { 'push.issue': 1 } })).idle()
    expect(seen.map((id) => id.at(-1))).toEqual(['1', '1', '2', '2', '3', '3'])
  })

  test('what was planned before a restart runs after it', async () => {
    const first = await start({})
    await first.enqueue(db, 'push.issue', { pushId: 'p1' }, { at: NOON + 1_000 })
    await first.stop()
    clock.advance(5_000)
    const { seen, handle } = recorder()
    await (await start({ 'push.issue': handle })).idle()
    expect(seen).toEqual(['p1'])
  })

  test('a recurring job runs at the start and then at its interval', async () => {
    let runs = 0
    const jobs = await start({ 'delivery.sweep': async () => void runs++ })
    jobs.schedule('delivery.sweep', {}, 60_000)
    await vi.waitFor(() => expect(runs).toBe(1), PATIENT)
    clock.advance(59_000)
    await jobs.idle()
    expect(runs).toBe(1)
    clock.advance(1_000)
    await vi.waitFor(() => expect(runs).toBe(2), PATIENT)
  })
})

describe('keys', () => {
  test('a job that several ask for waits only once', async () => {
    const { open, opened } = door()
    let runs = 0
    const jobs = await start({ 'directory.sync': () => (runs++, opened) })
    await jobs.enqueue(db, 'directory.sync', { reason: 'running' })
    await vi.waitFor(() => expect(runs).toBe(1), PATIENT)
    await jobs.enqueue(db, 'directory.sync', { reason: 'asked for' }, { key: 'directory.sync' })
    await jobs.enqueue(db, 'directory.sync', { reason: 'asked again' }, { key: 'directory.sync' })
    expect(await pending()).toEqual([
      expect.objectContaining({ data: { reason: 'running' }, running: true }),
      expect.objectContaining({ data: { reason: 'asked again' }, running: false }),
    ])
    open()
    await jobs.idle()
    expect(runs).toBe(2)
  })

  test('of several waiting jobs with one key only the newest is kept', async () => {
    const { seen, handle } = recorder()
    const jobs = await start({ 'push.issue': handle })
    await jobs.enqueue(db, 'push.issue', { pushId: 'old' }, { key: 'push:1', at: NOON + 1_000 })
    await jobs.enqueue(db, 'push.issue', { pushId: 'new' }, { key: 'push:1', at: NOON + 2_000 })
    await jobs.enqueue(db, 'push.issue', { pushId: 'other' }, { key: 'push:2', at: NOON + 3_000 })
    clock.advance(1_500)
    await jobs.idle()
    expect(seen).toEqual([])
    clock.advance(5_000)
    await jobs.idle()
    expect(seen.toSorted()).toEqual(['new', 'other'])
  })

  test('a cancelled job does not run; others do; cancelling nothing is no error', async () => {
    const { seen, handle } = recorder()
    const jobs = await start({ 'push.issue': handle })
    await jobs.enqueue(db, 'push.issue', { pushId: 'p1' }, { key: 'push:1', at: NOON + 1_000 })
    await jobs.enqueue(db, 'push.issue', { pushId: 'p2' }, { key: 'push:2', at: NOON + 1_000 })
    await jobs.cancel(db, 'push.issue', 'push:1')
    await jobs.cancel(db, 'push.issue', 'push:9')
    clock.advance(1_000)
    await jobs.idle()
    expect(seen).toEqual(['p2'])
  })

  test('a job planned while one with its key is running is kept, and runs after it, not beside it', async () => {
    const seen: string[] = []
    const { open, opened } = door()
    const jobs = await start({
      'push.issue': async ({ pushId }) => {
        seen.push(`${pushId} begins`)
        if (pushId === 'first') await opened
        seen.push(`${pushId} ends`)
      },
    })
    await jobs.enqueue(db, 'push.issue', { pushId: 'first' }, { key: 'push:1' })
    await vi.waitFor(() => expect(seen).toEqual(['first begins']), PATIENT)
    await jobs.enqueue(db, 'push.issue', { pushId: 'replaced' }, { key: 'push:1' })
    await jobs.enqueue(db, 'push.issue', { pushId: 'second' }, { key: 'push:1' })
    await jobs.enqueue(db, 'push.issue', { pushId: 'other' })
    await vi.waitFor(() => expect(seen).toContain('other ends'), PATIENT)
    expect(seen).not.toContain('second begins')
    open()
    await jobs.idle()
    expect(seen).toEqual(['first begins', 'other begins', 'other ends', 'first ends', 'second begins', 'second ends'])
  })

  test('a failing job gives way to a newer one that waits under its key', async () => {
    const seen: string[] = []
    const { open, opened } = door()
    const jobs = await start({
      'push.issue': async ({ pushId }) => {
        seen.push(pushId)
        if (pushId !== 'first') return
        await opened
        throw new Error('WeCom hung up')
      },
    })
    await jobs.enqueue(db, 'push.issue', { pushId: 'first' }, { key: 'push:1' })
    await vi.waitFor(() => expect(seen).toEqual(['first']), PATIENT)
    await jobs.enqueue(db, 'push.issue', { pushId: 'second' }, { key: 'push:1' })
    open()
    await jobs.idle()
    clock.advance(3_600_000)
    await jobs.idle()
    expect(seen).toEqual(['first', 'second'])
    expect(await pending()).toEqual([])
  })
})

describe('failing', () => {
  test('an error brings the job back later and later, with its attempt counted', async () => {
    const attempts: number[] = []
    const jobs = await start({
      'card.send': async (_, { attempt }) => {
        attempts.push(attempt)
        if (attempt < 3) throw new Error('busy')
      },
    })
    await jobs.enqueue(db, 'card.send', { batchId: 'b1' })
    await jobs.idle()
    expect(attempts).toEqual([1])
    expect(await pending()).toEqual([expect.objectContaining({ data: { batchId: 'b1' }, running: false })])
    clock.advance(2_000)
    await jobs.idle()
    clock.advance(4_000)
    await jobs.idle()
    expect(attempts).toEqual([1, 2, 3])
    expect(await pending()).toEqual([])
  })

  test('RetryLater comes back exactly when it says and spends no attempt', async () => {
    const attempts: number[] = []
    const jobs = await start({
      'card.send': async (_, { attempt }) => {
        attempts.push(attempt)
        if (attempts.length < 40) throw new RetryLater(60_000, 'the quota of this minute is used up')
      },
    })
    await jobs.enqueue(db, 'card.send', { batchId: 'b1' })
    await jobs.idle()
    clock.advance(59_999)
    await jobs.idle()
    expect(attempts).toEqual([1])
    for (let minute = 0; minute < 40; minute++) {
      clock.advance(60_000)
      await jobs.idle()
    }
    expect(attempts).toEqual(Array.from({ length: 40 }, () => 1))
  })

  test('after the last attempt the job is kept as failed, and its key is free for a new one', async () => {
    let broken = true
    let runs = 0
    const jobs = await start({
      'card.send': async () => {
        runs++
        if (broken) throw new Error('a bug of ours')
      },
    })
    await jobs.enqueue(db, 'card.send', { batchId: 'b1' }, { key: 'batch:1' })
    for (let attempt = 0; attempt < 25; attempt++) {
      await jobs.idle()
      clock.advance(300_000)
    }
    expect(runs).toBe(20)
    expect(await pending()).toEqual([])
    await vi.waitFor(
      async () =>
        expect(await jobs.failed(10)).toEqual([
          expect.objectContaining({ kind: 'card.send', data: { batchId: 'b1' }, error: 'a bug of ours' }),
        ]),
      PATIENT,
    )
    broken = false
    await jobs.enqueue(db, 'card.send', { batchId: 'b1' }, { key: 'batch:1' })
    await jobs.idle()
    expect(runs).toBe(21)
  })

  /** Jobs of one key that are given up at once, for a handler that fails as long as it is told to. */
  async function giveUp() {
    const seen: string[] = []
    const state = { broken: true }
    const jobs = await start({
      'card.send': async ({ batchId }, { attempt }) => {
        seen.push(`${batchId} ${attempt}`)
        if (state.broken) throw new Error('no room')
      },
    })
    await jobs.enqueue(db, 'card.send', { batchId: 'b1' }, { key: 'batch:1' })
    for (let attempt = 0; attempt < 25; attempt++) {
      await jobs.idle()
      clock.advance(300_000)
    }
    await vi.waitFor(async () => expect(await jobs.failed(10)).toHaveLength(1), PATIENT)
    const [given] = await jobs.failed(10)
    seen.length = 0
    state.broken = false
    return { jobs, given: given!, seen }
  }

  test('one that was given up can be tried again, from its first attempt and only once', async () => {
    const { jobs, given, seen } = await giveUp()
    const retry = () => db.transaction().execute((trx) => jobs.retry(trx, given.id))
    expect(await retry()).toMatchObject({ kind: 'card.send', data: { batchId: 'b1' } })
    expect(await retry()).toBeUndefined()
    await jobs.idle()
    expect(seen).toEqual(['b1 1'])
    expect(await jobs.failed(10)).toEqual([])
  })

  test('a try again that is rolled back leaves it given up', async () => {
    const { jobs, given, seen } = await giveUp()
    const rolledBack = db.transaction().execute(async (trx) => {
      await jobs.retry(trx, given.id)
      throw new Error('no audit, no deed')
    })
    await expect(rolledBack).rejects.toThrow('no audit')
    await jobs.idle()
    expect(seen).toEqual([])
    expect(await jobs.failed(10)).toMatchObject([{ id: given.id }])
  })

  test('a newer job that waits under its key stands for both', async () => {
    const { jobs, given, seen } = await giveUp()
    await jobs.enqueue(db, 'card.send', { batchId: 'newer' }, { key: 'batch:1', at: clock.now() + 60_000 })
    await db.transaction().execute((trx) => jobs.retry(trx, given.id))
    await jobs.idle()
    expect(seen).toEqual([])
    clock.advance(60_000)
    await jobs.idle()
    expect(seen).toEqual(['newer 1'])
  })
})

describe('several at once', () => {
  test('two workers racing for 300 jobs run each exactly once', async () => {
    const runs = new Map<string, number>()
    const handle = async ({ pushId }: { pushId: string }) => {
      runs.set(pushId, (runs.get(pushId) ?? 0) + 1)
      await new Promise((resolve) => setImmediate(resolve))
    }
    const planner = await plan()
    await db.transaction().execute(async (trx) => {
      for (let i = 0; i < 300; i++) await planner.enqueue(trx, 'push.issue', { pushId: `p${i}` })
    })
    const workers = [await start({ 'push.issue': handle }), await start({ 'push.issue': handle })]
    await Promise.all(workers.map((worker) => worker.idle()))
    expect(runs.size).toBe(300)
    expect([...runs.values()].every((count) => count === 1)).toBe(true)
  })

  test('hundreds of jobs that never wait themselves leave everybody else his turn', async () => {
    let runs = 0
    let turns = 0
    const jobs = await start({ 'push.issue': () => Promise.resolve(void runs++) })
    await db.transaction().execute(async (trx) => {
      for (let i = 0; i < 200; i++) await jobs.enqueue(trx, 'push.issue', { pushId: `p${i}` })
    })
    const count = () => void (turns++, runs < 200 && setImmediate(count))
    count()
    await jobs.idle()
    expect(runs).toBe(200)
    expect(turns).toBeGreaterThan(200 / LANES['push.issue'] / 2)
  })

  test('long jobs of one kind do not keep another kind waiting', async () => {
    const { opened } = door()
    const { seen, handle } = recorder()
    let busy = 0
    const jobs = await start({ 'card.send': () => (busy++, opened), 'push.issue': handle }, { graceMs: 0 })
    for (let i = 0; i < 20; i++) await jobs.enqueue(db, 'card.send', { batchId: `b${i}` })
    await vi.waitFor(() => expect(busy).toBe(LANES['card.send']), PATIENT)
    await jobs.enqueue(db, 'push.issue', { pushId: 'p1' })
    await vi.waitFor(() => expect(seen).toEqual(['p1']), PATIENT)
  })
})

describe('stopping', () => {
  test('in the middle of planning what recurs is no trouble', async () => {
    const jobs = await start({ 'directory.sync': async () => {} }, { pollMs: 1 })
    for (let everyMs = 1; everyMs <= 50; everyMs += 1) jobs.schedule('directory.sync', { reason: 'scheduled' }, everyMs)
    await vi.waitFor(async () => expect(await pending()).not.toEqual([]), { ...PATIENT, interval: 1 })
    await jobs.stop()
    expect(world.complaints).toEqual([])
  })

  test('waits for what is running and takes nothing new', async () => {
    const { open, opened } = door()
    const begun: string[] = []
    const jobs = await start({
      'directory.sync': async ({ reason }) => {
        begun.push(reason)
        await opened
      },
    })
    await jobs.enqueue(db, 'directory.sync', { reason: 'first' })
    await jobs.enqueue(db, 'directory.sync', { reason: 'second' })
    await vi.waitFor(() => expect(begun).toEqual(['first']), PATIENT)
    const stopped = jobs.stop()
    open()
    await stopped
    expect(begun).toEqual(['first'])
    expect(await pending()).toEqual([expect.objectContaining({ data: { reason: 'second' }, running: false })])
  })

  test('a job that can begin anew is asked to break off at once, the others only after the grace', async () => {
    const { open, opened } = door()
    const aborted: string[] = []
    const untilAborted = (kind: string, signal: AbortSignal) =>
      new Promise<void>((_, reject) => {
        signal.addEventListener('abort', () => (aborted.push(kind), reject(signal.reason as Error)))
        void opened.then(() => reject(new Error('time is up')))
      })
    const jobs = await start(
      {
        'directory.sync': (_, { signal }) => untilAborted('directory.sync', signal),
        'export.build': (_, { signal }) => untilAborted('export.build', signal),
      },
      { graceMs: 60_000 },
    )
    await jobs.enqueue(db, 'directory.sync', { reason: 'asked for' })
    await jobs.enqueue(db, 'export.build', { exportId: 'e1' })
    await vi.waitFor(async () => expect((await pending()).every(({ running }) => running)).toBe(true), PATIENT)
    const stopped = jobs.stop()
    await vi.waitFor(() => expect(aborted).toEqual(['directory.sync']), PATIENT)
    open()
    await stopped
    expect(aborted).toEqual(['directory.sync'])
  })

  test('a job that runs past the grace is asked to break off, and comes again without losing an attempt', async () => {
    const jobs = await start(
      {
        'export.build': (_, { signal }) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
      },
      { graceMs: 0 },
    )
    await jobs.enqueue(db, 'export.build', { exportId: 'e1' })
    await vi.waitFor(async () => expect((await pending())[0]?.running).toBe(true), PATIENT)
    await jobs.stop()
    expect(await pending()).toEqual([expect.objectContaining({ data: { exportId: 'e1' }, running: false })])
  })
})
