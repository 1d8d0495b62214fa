import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import type { Database } from '../db/schema.ts'
import { createEmbeddedJobs } from './embedded.ts'
import { RetryLater } from './jobs.ts'
import type { Clock, JobHandlers, Jobs } from './jobs.ts'
import { LANES } from './kinds.ts'

interface EngineParts {
  db: Kysely<Database>
  clock: Clock
  leaseMs?: number
  graceMs?: number
  pollMs?: number
}

const log = pino({ level: 'silent' })
const engines = [
  {
    name: 'embedded',
    url: (folder: string) => `sqlite:${join(folder, 'moments.db')}`,
    create: (parts: EngineParts): Jobs => createEmbeddedJobs({ log, pollMs: 20, ...parts }),
  },
]

const NOON = Date.UTC(2026, 0, 1, 4)

for (const engine of engines)
  describe(`jobs on ${engine.name}`, () => {
    let folder: string
    let db: Kysely<Database>
    let clock: Clock & { advance(ms: number): void }
    const started: Jobs[] = []
    const doors: (() => void)[] = []

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'moments-jobs-'))
      db = await openDatabase(engine.url(folder))
      await migrate(db)
      let now = NOON
      clock = { now: () => now, advance: (ms) => void (now += ms) }
    })

    afterEach(async () => {
      for (const open of doors.splice(0)) open()
      await Promise.all(started.splice(0).map((jobs) => jobs.stop()))
      await db.destroy()
      await rm(folder, { recursive: true })
    })

    function start(handlers: Partial<JobHandlers>, parts: Partial<EngineParts> = {}): Jobs {
      const unexpected = (kind: string) => async () => expect.unreachable(`nobody asked for ${kind}`)
      const jobs = engine.create({ db, clock, ...parts })
      started.push(jobs)
      jobs.start({
        'push.issue': unexpected('push.issue'),
        'card.send': unexpected('card.send'),
        'card.rest': unexpected('card.rest'),
        'card.recall': unexpected('card.recall'),
        'card.update': unexpected('card.update'),
        'media.prepare': unexpected('media.prepare'),
        'media.renew': unexpected('media.renew'),
        'directory.sync': unexpected('directory.sync'),
        'export.build': unexpected('export.build'),
        'callback.answer': unexpected('callback.answer'),
        'callback.contacts': unexpected('callback.contacts'),
        'delivery.sweep': unexpected('delivery.sweep'),
        'housekeeping.sweep': unexpected('housekeeping.sweep'),
        'backup.make': unexpected('housekeeping.sweep'),
        ...handlers,
      })
      return jobs
    }

    /** A handler that notes what it was given. */
    function recorder() {
      const seen: string[] = []
      return { seen, handle: async ({ pushId }: { pushId: string }) => void seen.push(pushId) }
    }

    /** Something a handler can wait for; the end of the test opens what is still shut. */
    function door() {
      const { promise: opened, resolve: open } = Promise.withResolvers<void>()
      doors.push(open)
      return { open, opened }
    }

    const rows = () => db.selectFrom('jobs').selectAll().execute()

    describe('planning', () => {
      test('a job starts right after its transaction committed, not before and not at the next poll', async () => {
        const { seen, handle } = recorder()
        const jobs = start({ 'push.issue': handle }, { pollMs: 3_600_000 })
        await jobs.idle() // the look for jobs at the start is over
        await db.transaction().execute(async (trx) => {
          await jobs.enqueue(trx, 'push.issue', { pushId: 'p1' })
          await new Promise((resolve) => setImmediate(resolve))
          expect(seen).toEqual([])
        })
        await vi.waitFor(() => expect(seen).toEqual(['p1']), { interval: 1, timeout: 500 })
      })

      test('a job whose transaction rolled back never runs', async () => {
        const { seen, handle } = recorder()
        const jobs = start({ 'push.issue': handle })
        const transaction = db.transaction().execute(async (trx) => {
          await jobs.enqueue(trx, 'push.issue', { pushId: 'p1' })
          throw new Error('the task was invalid')
        })
        await expect(transaction).rejects.toThrow('the task was invalid')
        await jobs.idle()
        expect(seen).toEqual([])
        expect(await rows()).toEqual([])
      })

      test('a job for later waits for its minute by the clock it was given, and runs in order', async () => {
        const { seen, handle } = recorder()
        const jobs = start({ 'push.issue': handle })
        const inSixtyDays = NOON + 60 * 86_400_000
        await jobs.enqueue(db, 'push.issue', { pushId: 'later' }, { at: inSixtyDays + 1 })
        await jobs.enqueue(db, 'push.issue', { pushId: 'sooner' }, { at: inSixtyDays })
        await jobs.idle()
        expect(seen).toEqual([])
        clock.advance(60 * 86_400_000 - 1)
        await jobs.idle()
        expect(seen).toEqual([])
        clock.advance(2)
        await jobs.idle()
        expect(seen).toEqual(['sooner', 'later'])
      })

      test('what was planned before a restart runs after it', async () => {
        const first = start({})
        await first.enqueue(db, 'push.issue', { pushId: 'p1' }, { at: NOON + 1_000 })
        await first.stop()
        clock.advance(5_000)
        const { seen, handle } = recorder()
        await start({ 'push.issue': handle }).idle()
        expect(seen).toEqual(['p1'])
      })

      test('a recurring job runs at the start and then at its interval, also after the clock was set back', async () => {
        let runs = 0
        const jobs = start({ 'delivery.sweep': async () => void runs++ })
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

    describe('keys', () => {
      test('a recurring job that somebody asks for as well waits only once', async () => {
        const { open, opened } = door()
        let runs = 0
        const jobs = start({ 'directory.sync': () => (runs++, opened) })
        await jobs.enqueue(db, 'directory.sync', { reason: 'running' })
        await vi.waitFor(() => expect(runs).toBe(1))
        await jobs.enqueue(db, 'directory.sync', { reason: 'asked for' }, { key: 'directory.sync' })
        jobs.schedule('directory.sync', { reason: 'scheduled' }, 60_000)
        await vi.waitFor(async () => expect((await rows()).at(-1)!.data).toBe('{"reason":"scheduled"}'))
        expect(await rows()).toHaveLength(2)
        open()
        await jobs.idle()
        expect(runs).toBe(2)
      })

      test('of several waiting jobs with one key only the newest is kept', async () => {
        const { seen, handle } = recorder()
        const jobs = start({ 'push.issue': handle })
        await jobs.enqueue(db, 'push.issue', { pushId: 'old' }, { key: 'push:1', at: NOON + 1_000 })
        await jobs.enqueue(db, 'push.issue', { pushId: 'new' }, { key: 'push:1', at: NOON + 2_000 })
        await jobs.enqueue(db, 'push.issue', { pushId: 'other' }, { key: 'push:2', at: NOON + 3_000 })
        clock.advance(1_500)
        await jobs.idle()
        expect(seen).toEqual([])
        clock.advance(5_000)
        await jobs.idle()
        expect(seen).toEqual(['new', 'other'])
      })

      test('a cancelled job does not run; others do; cancelling nothing is no error', async () => {
        const { seen, handle } = recorder()
        const jobs = start({ 'push.issue': handle })
        await jobs.enqueue(db, 'push.issue', { pushId: 'p1' }, { key: 'push:1', at: NOON + 1_000 })
        await jobs.enqueue(db, 'push.issue', { pushId: 'p2' }, { key: 'push:2', at: NOON + 1_000 })
        await jobs.cancel(db, 'push:1')
        await jobs.cancel(db, 'push:9')
        clock.advance(1_000)
        await jobs.idle()
        expect(seen).toEqual(['p2'])
      })

      test('a job planned while one with its key is running is kept, and runs after it, not beside it', async () => {
        const seen: string[] = []
        const { open, opened } = door()
        const jobs = start({
          'push.issue': async ({ pushId }) => {
            seen.push(`${pushId} begins`)
            if (pushId === 'first') await opened
            seen.push(`${pushId} ends`)
          },
        })
        await jobs.enqueue(db, 'push.issue', { pushId: 'first' }, { key: 'push:1' })
        await vi.waitFor(() => expect(seen).toEqual(['first begins']))
        await jobs.enqueue(db, 'push.issue', { pushId: 'replaced' }, { key: 'push:1' })
        await jobs.enqueue(db, 'push.issue', { pushId: 'second' }, { key: 'push:1' })
        await jobs.enqueue(db, 'push.issue', { pushId: 'other' })
        await vi.waitFor(() => expect(seen).toContain('other ends'))
        expect(seen).not.toContain('second begins')
        open()
        await jobs.idle()
        expect(seen).toEqual([
          'first begins',
          'other begins',
          'other ends',
          'first ends',
          'second begins',
          'second ends',
        ])
      })

      test('a failing job gives way to a newer one that waits under its key', async () => {
        const seen: string[] = []
        const { open, opened } = door()
        const jobs = start({
          'push.issue': async ({ pushId }) => {
            seen.push(pushId)
            if (pushId !== 'first') return
            await opened
            throw new Error('WeCom hung up')
          },
        })
        await jobs.enqueue(db, 'push.issue', { pushId: 'first' }, { key: 'push:1' })
        await vi.waitFor(() => expect(seen).toEqual(['first']))
        await jobs.enqueue(db, 'push.issue', { pushId: 'second' }, { key: 'push:1' })
        open()
        await jobs.idle()
        clock.advance(3_600_000)
        await jobs.idle()
        expect(seen).toEqual(['first', 'second'])
        expect(await rows()).toEqual([])
      })
    })

    describe('failing', () => {
      test('an error brings the job back later and later, with its attempt counted', async () => {
        const attempts: number[] = []
        const jobs = start({
          'card.send': async (_, { attempt }) => {
            attempts.push(attempt)
            if (attempt < 3) throw new Error('busy')
          },
        })
        await jobs.enqueue(db, 'card.send', { batchId: 'b1' })
        await jobs.idle()
        expect(attempts).toEqual([1])
        const [row] = await rows()
        expect(row).toMatchObject({ lastError: 'busy', attempts: 1, failedAt: null, leaseToken: null })
        expect(row!.runAt - NOON).toBeGreaterThanOrEqual(500)
        expect(row!.runAt - NOON).toBeLessThanOrEqual(1_000)
        clock.advance(1_000)
        await jobs.idle()
        clock.advance(2_000)
        await jobs.idle()
        expect(attempts).toEqual([1, 2, 3])
        expect(await rows()).toEqual([])
      })

      test('RetryLater comes back exactly when it says and spends no attempt', async () => {
        const attempts: number[] = []
        const jobs = start({
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
        const jobs = start({
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
        expect(await rows()).toEqual([
          expect.objectContaining({ lastError: 'a bug of ours', failedAt: expect.any(Number) }),
        ])
        broken = false
        await jobs.enqueue(db, 'card.send', { batchId: 'b1' }, { key: 'batch:1' })
        await jobs.idle()
        expect(runs).toBe(21)
      })
    })

    describe('several at once', () => {
      test('two workers racing for 1000 jobs run each exactly once', async () => {
        const runs = new Map<string, number>()
        const handle = async ({ pushId }: { pushId: string }) => {
          runs.set(pushId, (runs.get(pushId) ?? 0) + 1)
          await new Promise((resolve) => setImmediate(resolve))
        }
        const planner = engine.create({ db, clock })
        await db.transaction().execute(async (trx) => {
          for (let i = 0; i < 1000; i++) await planner.enqueue(trx, 'push.issue', { pushId: `p${i}` })
        })
        const workers = [start({ 'push.issue': handle }), start({ 'push.issue': handle })]
        await Promise.all(workers.map((worker) => worker.idle()))
        expect(runs.size).toBe(1000)
        expect([...runs.values()].every((count) => count === 1)).toBe(true)
      }, 20_000)

      test('hundreds of jobs that never wait themselves leave everybody else his turn', async () => {
        let runs = 0
        let turns = 0
        const jobs = start({ 'push.issue': () => Promise.resolve(void runs++) })
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
        const jobs = start({ 'card.send': () => (busy++, opened), 'push.issue': handle }, { graceMs: 0 })
        for (let i = 0; i < 20; i++) await jobs.enqueue(db, 'card.send', { batchId: `b${i}` })
        await vi.waitFor(() => expect(busy).toBe(LANES['card.send']))
        await jobs.enqueue(db, 'push.issue', { pushId: 'p1' })
        await vi.waitFor(() => expect(seen).toEqual(['p1']))
      })
    })

    describe('leases', () => {
      const SHORT = 90

      test('a running job keeps its lease for as long as it takes', async () => {
        const { open, opened } = door()
        let runs = 0
        const handlers = { 'export.build': () => (runs++, opened) }
        const first = start(handlers, { leaseMs: SHORT })
        await first.enqueue(db, 'export.build', { exportId: 'e1' })
        await vi.waitFor(() => expect(runs).toBe(1))
        const second = start(handlers, { leaseMs: SHORT })
        for (let beat = 0; beat < 3; beat++) {
          clock.advance(SHORT - 1)
          await vi.waitFor(async () => expect((await rows())[0]!.leaseUntil).toBe(clock.now() + SHORT))
        }
        open()
        await Promise.all([first.idle(), second.idle()])
        expect(runs).toBe(1)
      })

      test('a silent worker loses its job to another, is told so, and can write nothing more', async () => {
        const { open, opened } = door()
        const told: boolean[] = []
        const takenOver = door()
        const silent = start(
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
        await vi.waitFor(() => expect(told).toEqual([true]))
        clock.advance(30_001)
        let attempt = 0
        start({
          'export.build': async (_, job) => {
            attempt = job.attempt
            await takenOver.opened
          },
        })
        await vi.waitFor(() => expect(attempt).toBe(2))
        const before = await rows()
        open()
        await vi.waitFor(() => expect(told).toEqual([true, false, false]))
        await silent.stop()
        expect(await rows()).toEqual(before)
        takenOver.open()
        await vi.waitFor(async () => expect(await rows()).toEqual([]))
      })

      test('a worker whose lease was taken finds its signal aborted at the next beat', async () => {
        let signal: AbortSignal | undefined
        const { opened } = door()
        const jobs = start(
          {
            'export.build': async (_, job) => {
              signal = job.signal
              await opened
            },
          },
          { leaseMs: SHORT },
        )
        await jobs.enqueue(db, 'export.build', { exportId: 'e1' })
        await vi.waitFor(() => expect(signal).toBeDefined())
        await db
          .updateTable('jobs')
          .set({ leaseToken: 'somebody else', leaseUntil: NOON + 60_000 })
          .execute()
        await vi.waitFor(() => expect(signal!.aborted).toBe(true))
      })

      test('the jobs of a process that died are taken over at the start, without waiting for their lease', async () => {
        const { seen, handle } = recorder()
        const planner = engine.create({ db, clock })
        await planner.enqueue(db, 'push.issue', { pushId: 'p1' }, { key: 'push:1' })
        const died = { leaseToken: 'another process', leaseUntil: NOON + 60_000, attempts: 1 }
        await db.updateTable('jobs').set(died).execute()
        await planner.enqueue(db, 'push.issue', { pushId: 'p1 again' }, { key: 'push:1' })
        await start({ 'push.issue': handle }).idle()
        expect(seen).toEqual(['p1', 'p1 again'])
      })

      test('a clock that jumps ahead does not start a running job a second time', async () => {
        const { open, opened } = door()
        let runs = 0
        const jobs = start({ 'card.send': () => (runs++, opened) })
        await jobs.enqueue(db, 'card.send', { batchId: 'b1' })
        await vi.waitFor(() => expect(runs).toBe(1))
        clock.advance(3 * 3_600_000)
        await jobs.enqueue(db, 'card.send', { batchId: 'b2' })
        await vi.waitFor(() => expect(runs).toBe(2)) // b2 alone
        open()
        await jobs.idle()
        expect(runs).toBe(2)
      })

      test('a job that takes its process down at every attempt is given up in the end', async () => {
        const planner = engine.create({ db, clock })
        await planner.enqueue(db, 'push.issue', { pushId: 'p1' })
        await db.updateTable('jobs').set({ leaseToken: 'dead', leaseUntil: NOON, attempts: 20 }).execute()
        await start({}).idle()
        expect(await rows()).toEqual([expect.objectContaining({ lastError: 'The process died at every attempt' })])
      })
    })

    describe('stopping', () => {
      test('waits for what is running and takes nothing new', async () => {
        const { open, opened } = door()
        const begun: string[] = []
        const jobs = start({
          'directory.sync': async ({ reason }) => {
            begun.push(reason)
            await opened
          },
        })
        await jobs.enqueue(db, 'directory.sync', { reason: 'first' })
        await jobs.enqueue(db, 'directory.sync', { reason: 'second' })
        await vi.waitFor(() => expect(begun).toEqual(['first']))
        const stopped = jobs.stop()
        open()
        await stopped
        expect(begun).toEqual(['first'])
        expect((await rows()).map((row) => row.data)).toEqual(['{"reason":"second"}'])
      })

      test('a job that can begin anew is asked to break off at once, the others only after the grace', async () => {
        const { open, opened } = door()
        const aborted: string[] = []
        const untilAborted = (kind: string, signal: AbortSignal) =>
          new Promise<void>((_, reject) => {
            signal.addEventListener('abort', () => (aborted.push(kind), reject(signal.reason as Error)))
            void opened.then(() => reject(new Error('time is up')))
          })
        const jobs = start(
          {
            'directory.sync': (_, { signal }) => untilAborted('directory.sync', signal),
            'export.build': (_, { signal }) => untilAborted('export.build', signal),
          },
          { graceMs: 60_000 },
        )
        await jobs.enqueue(db, 'directory.sync', { reason: 'asked for' })
        await jobs.enqueue(db, 'export.build', { exportId: 'e1' })
        await vi.waitFor(async () => expect((await rows()).every((row) => row.leaseToken !== null)).toBe(true))
        const stopped = jobs.stop()
        await vi.waitFor(() => expect(aborted).toEqual(['directory.sync']))
        open()
        await stopped
        expect(aborted).toEqual(['directory.sync'])
      })

      test('a job that runs past the grace is asked to break off, and comes again without losing an attempt', async () => {
        const jobs = start(
          {
            'export.build': (_, { signal }) =>
              new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
          },
          { graceMs: 0 },
        )
        await jobs.enqueue(db, 'export.build', { exportId: 'e1' })
        await vi.waitFor(async () => expect((await rows())[0]!.leaseToken).not.toBeNull())
        await jobs.stop()
        expect(await rows()).toEqual([expect.objectContaining({ attempts: 0, leaseToken: null, runAt: NOON })])
      })
    })
  })
