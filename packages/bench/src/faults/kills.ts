import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { MINUTE } from '@qimeng/contract'
import type { KillPoint } from '@qimeng/server'
import { persist, seededRandom, takeTurns, until } from './helpers.ts'
import { slowestRecovery } from './recovery.ts'
import { type Launched, type Rig, SEND } from './rig.ts'
import { add, type Extent, type Findings, hold, nothingFound, type Scenario, sumOf } from './scenario.ts'

/** People of a push that takes two calls. */
const TWO_CALLS = 1_100

/** Waits until the server has died of what it was told, starts it again, and counts. */
async function resume(rig: Rig, launch: () => Promise<Launched>): Promise<Partial<Findings>> {
  const launching = launch()
  launching.catch(() => {}) // It is awaited below, when the server is back.
  await rig.died()
  const diedAt = performance.now()
  await rig.start()
  const launched = await launching
  await rig.settled([launched])
  const slowestRecovery = performance.now() - diedAt
  return { kills: 1, ...(await rig.census([launched])), slowestRecovery }
}

/** Dies at a place in its own code. */
const atPoint = (killAt: KillPoint) => async (rig: Rig) => {
  await rig.kill()
  await rig.start({ killAt })
  return { ...(await resume(rig, () => rig.launch({ executors: rig.people }, randomUUID()))), kills: 2 }
}

/** Dies while a call is on the wire: before WeCom has it, or when WeCom has accepted it and the answer is on its way. */
const onTheWire = (path: string, moment: 'before' | 'after') => async (rig: Rig) => {
  if (path !== SEND) await rig.wecom.revokeToken()
  const release = rig.wire.on(path, moment, () => {
    release()
    return rig.kill()
  })
  return resume(rig, () => rig.launch({ executors: rig.people }, randomUUID()))
}

const POINTS: Record<string, (rig: Rig) => Promise<Partial<Findings>>> = {
  'before the freeze': atPoint('before-freeze'),
  'after the freeze': atPoint('after-freeze'),
  'before the claim': atPoint('before-claim'),
  'before HTTP': atPoint('before-call'),
  'in flight, WeCom has not got it': onTheWire(SEND, 'before'),
  'in flight, WeCom has accepted it': onTheWire(SEND, 'after'),
  'answer read, not committed': atPoint('after-call'),
  'between batches': atPoint('after-outcome'),
  'at the token refresh': onTheWire('/cgi-bin/gettoken', 'before'),
  'a reminder was created': atReminder,
}

/** So many companies share the points. */
const COMPANIES = 3

async function dieAt(rig: Rig, point: string, die: (rig: Rig) => Promise<Partial<Findings>>) {
  const found = await die(rig).catch((error: Error) => {
    throw new Error(`${point}: ${error.message}`, { cause: error })
  })
  hold(found.lost === 0 && found.doubled === 0, `one card per person after a kill ${point}`)
  return found
}

async function atReminder(rig: Rig): Promise<Partial<Findings>> {
  const launched = await rig.launch({ executors: rig.people.slice(0, 20) }, randomUUID())
  await rig.settled([launched])
  await rig.kill()
  await rig.start({ killAt: 'reminder-created' })
  const idempotencyKey = randomUUID()
  const reminding = remindAll(rig, launched, idempotencyKey)
  reminding.catch(() => {}) // It is awaited below.
  await rig.died()
  const diedAt = performance.now()
  await rig.start()
  const { round } = await reminding
  await reminderSettled(rig, launched, round!)
  const slowestRecovery = performance.now() - diedAt
  return { kills: 2, ...(await rig.census([{ ...launched, cards: 2 }])), slowestRecovery }
}

const remindAll = (rig: Rig, { pushId }: Launched, idempotencyKey: string) =>
  persist(() =>
    rig.admin('POST /api/console/pushes/:pushId/reminders', {
      params: { pushId },
      body: { userids: null },
      idempotencyKey,
    }),
  )

const reminderSettled = (rig: Rig, { pushId }: Launched, round: number) =>
  until(`reminder ${round} of ${pushId} is settled`, async () => {
    const params = { pushId, round: String(round) }
    const { waiting } = await persist(() => rig.admin('GET /api/console/pushes/:pushId/reminders/:round', { params }))
    return waiting === 0
  })

/** What may go wrong by chance at any call of message/send, besides the kills. */
const CHAOS = ['delay', 'drop-before', 'drop-after', 'errcode', 'http-502', 'broken-json'] as const
const CHAOS_SHARE = 0.3
const LONGEST_LIFE = 1_500
/** So many cards are sent side by side, kill by kill. */
const WORKERS = [1, 2, 8]

/** So many kills befall one company; more of them take several companies, side by side. */
const MOST_KILLS = 10

async function atRandomMoments({ kills, seed, withRig }: Extent): Promise<Findings> {
  const companies = Math.ceil(kills / MOST_KILLS)
  const found = Array.from({ length: companies }, (_, company) => {
    const share = Math.floor((kills + company) / companies)
    return withRig({ people: 120 }, (rig) => killAgainAndAgain(rig, share, seed * companies + company))
  })
  return sumOf(await Promise.all(found))
}

/**
 * Kills at random moments while tasks are created, cards go out, and WeCom answers badly. Where there can be several
 * processes a worker of its own is there as well, and dies in turns: alone, with the other one, not at all.
 */
async function killAgainAndAgain(rig: Rig, kills: number, seed: number): Promise<Findings> {
  const random = seededRandom(seed)
  const some = (count: number) => [...rig.people].sort(() => random() - 0.5).slice(0, count)
  const launched: Launched[] = []
  const created = new Map<string, number>()
  const deaths: number[] = []
  await rig.wecom.chaos(seed, CHAOS_SHARE, SEND, [...CHAOS])
  let worker = await rig.startWorker?.()
  for (let kill = 0; kill < kills; kill += 1) {
    const asked = performance.now()
    const launching = Promise.all([1, 2, 3].map(() => rig.launch({ executors: some(15) }, randomUUID())))
    launching.catch(() => {}) // It is awaited below.
    await delay(random() * LONGEST_LIFE)
    const workerDies = worker && kill % 3 !== 2
    const serverDies = !worker || kill % 3 !== 0
    if (workerDies) worker!.signal('SIGKILL')
    await Promise.all([workerDies && worker!.gone, serverDies && rig.kill()])
    deaths.push(performance.now())
    if (workerDies) worker = await rig.startWorker!()
    if (serverDies) await rig.start({ workers: WORKERS[kill % WORKERS.length]! })
    for (const one of await launching) {
      launched.push(one)
      created.set(one.pushId, asked)
    }
  }
  await rig.wecom.noFaults()
  // Whom WeCom has refused many times by chance waits for two minutes between calls.
  await rig.settled(launched, 3 * MINUTE)
  const recovery = slowestRecovery(rig.wire.calls(SEND), deaths, created)
  return { runs: 1, kills, ...(await rig.census(launched)), slowestRecovery: recovery }
}

export const killScenarios: Scenario[] = [
  {
    id: 'R1',
    name: 'kill -9 at every named point',
    passes: 'one card per person',
    async run({ withRig }) {
      const sum = nothingFound()
      const points = Object.entries(POINTS)
      const dieAtSome = (rig: Rig) =>
        takeTurns(points, async ([point, die]) => void add(sum, await dieAt(rig, point, die)))
      await Promise.all(Array.from({ length: COMPANIES }, () => withRig({ people: TWO_CALLS }, dieAtSome)))
      return sum
    },
  },
  {
    id: 'R1',
    name: 'kill -9 at random moments, with 1, 2 and 8 workers and a WeCom that answers badly',
    passes: 'one card per person',
    run: atRandomMoments,
  },
]
