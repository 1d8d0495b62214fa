import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { HOUR, MINUTE, SECOND } from '@qimeng/contract'
import { until } from './helpers.ts'
import { type Launched, type Rig, SEND } from './rig.ts'
import { add, hold, nothingFound, type Scenario, sumOf } from './scenario.ts'
import type { Fault } from './wecom.ts'

/** Shorter than WeCom's real patience, so that a time-out is not waited for ten seconds. */
const CALL_TIMEOUT = SECOND

/** Each in turn befalls the next calls; afterwards everybody has one card, and all calls of a batch were the same bytes. */
async function afterFaults(rig: Rig, faults: Omit<Fault, 'path'>[]) {
  const sum = nothingFound()
  for (const fault of faults) {
    await rig.wecom.fault({ path: SEND, ...fault })
    const launched = await rig.launch({ executors: rig.people })
    const slowestRecovery = await rig.settled([launched])
    await rig.wire.quiet()
    const bodies = rig.wire.calls(SEND).filter(({ body }) => body.includes(launched.pushId))
    hold(new Set(bodies.map(({ body }) => body)).size === 1, 'a retry sends the same bytes')
    hold(bodies.length > (fault.times ?? 1), 'the fault befell a call')
    add(sum, { ...(await rig.census([launched])), slowestRecovery })
  }
  return sum
}

const cardsOf = async (rig: Rig, { taskId }: Launched) =>
  (await rig.admin('GET /api/console/tasks/:taskId', { params: { taskId } })).pushes[0]!.cards

/** An answer that never came, four hours long. */
async function pastFourHours(rig: Rig) {
  await rig.wecom.fault({ path: SEND, kind: 'drop-after', times: 10_000 })
  const launched = await rig.launch()
  await until('WeCom has it', async () => (await rig.wecom.messages()).length > 0)
  await rig.setClock(4 * HOUR)
  await until('it is unknown', async () => (await cardsOf(rig, launched)).unknown === launched.executors.length)
  await rig.wecom.noFaults()
  const calls = rig.wire.calls(SEND).length
  // The sweep looks every minute of its time, and so do we for the rest of the day, as long as a session lasts.
  for (const hours of [10, 16, 22]) {
    await rig.setClock(hours * HOUR)
    hold((await cardsOf(rig, launched)).unknown === launched.executors.length, 'it stays unknown')
  }
  await rig.kill()
  await rig.start()
  const { rows } = await rig.admin('GET /api/console/messages', { query: {} })
  hold(
    rows.some(({ kind }) => kind === 'cards_undelivered'),
    'the administrator is told',
  )
  hold(rig.wire.calls(SEND).length === calls, 'nothing is sent again by itself')
  const counted = await rig.census([launched])
  await decideForOne(rig, launched)
  return { runs: 1, kills: 1, ...counted, slowestRecovery: 0 }
}

/** Another card for one of them, as an administrator asks for it; the others stay as they are. */
async function decideForOne(rig: Rig, launched: Launched) {
  const { pushId, executors } = launched
  const [chosen, ...others] = executors
  const cards = async () => (await rig.wecom.messages()).filter(({ url }) => url?.includes(pushId))
  const before = await cards()
  await rig.admin('POST /api/console/pushes/:pushId/resend', { params: { pushId }, body: { userids: [chosen!] } })
  await rig.settled([launched])
  const resent = (await cards()).slice(before.length).map(({ userid }) => userid)
  hold(isDeepStrictEqual(resent, [chosen]), 'whom an administrator chooses gets another card, and nobody else')
  hold((await cardsOf(rig, launched)).unknown === others.length, 'the others stay unknown')
}

/** The token ends in this way while fifty calls are on the wire. */
const oneRefresh = (end: (rig: Rig) => Promise<unknown>) => async (rig: Rig) => {
  const TASKS = 50
  let held = 0
  let letGo = () => {}
  const revoked = new Promise<void>((resolve) => (letGo = resolve))
  const release = rig.wire.on(SEND, 'before', async () => {
    held += 1
    await revoked
  })
  const executors = (task: number) => rig.people.slice(task % 2 ? 30 : 0, task % 2 ? 60 : 30)
  const launched = await Promise.all(
    Array.from({ length: TASKS }, (_, task) => rig.launch({ executors: executors(task) })),
  )
  await until('fifty calls are on the wire', async () => held === TASKS)
  const refreshes = () => rig.wire.calls('/cgi-bin/gettoken').length
  const before = refreshes()
  await end(rig)
  release()
  letGo()
  const slowestRecovery = await rig.settled(launched)
  hold(refreshes() === before + 1, `one refresh for ${TASKS} refused calls, not ${refreshes() - before}`)
  return { runs: 1, kills: 0, ...(await rig.census(launched)), slowestRecovery }
}

/** Everything is refused for a while: calls stay few, and all is sent when it is over. */
const storm = (errcode: number, most: number) => async (rig: Rig) => {
  await rig.wecom.fault({ path: SEND, kind: 'errcode', errcode, times: 100_000 })
  const launched = await Promise.all(
    Array.from({ length: 20 }, (_, task) => rig.launch({ executors: rig.people.slice(task, task + 20) })),
  )
  await until('the storm was met', async () => rig.wire.calls(SEND).length > 0)
  for (let minutes = 1; minutes <= 5; minutes += 1) {
    // As long as whoever does not hold back needs for many calls. pg-boss counts the pauses by the clock of PostgreSQL, which
    // nobody moves: beside ours they are over at once, so there the minutes have to be.
    if (!rig.startWorker) await delay(2 * SECOND)
    await rig.setClock(minutes * MINUTE)
  }
  const calls = rig.wire.calls(SEND).length
  hold(calls <= most, `at most ${most} calls in a storm of ${errcode}, not ${calls}`)
  await rig.wecom.noFaults()
  await rig.setClock(8 * MINUTE)
  // Who hears the last refusals only now comes again a minute later.
  await rig.wire.quiet()
  await delay(2 * SECOND)
  await rig.setClock(11 * MINUTE)
  const slowestRecovery = await rig.settled(launched)
  return { runs: 1, kills: 0, ...(await rig.census(launched)), slowestRecovery }
}

export const answerScenarios: Scenario[] = [
  {
    id: 'R2',
    name: 'accepted, then reset or no answer in time',
    passes: 'same bytes again, one card',
    run: ({ withRig }) =>
      withRig({ orders: { callTimeoutMs: CALL_TIMEOUT } }, async (rig) => {
        const sum = await afterFaults(rig, [{ kind: 'drop-after' }, { kind: 'drop-after', times: 2 }])
        // WeCom takes longer than we wait, and accepts it all the same.
        return add(sum, await afterFaults(rig, [{ kind: 'delay', delayMs: 3 * CALL_TIMEOUT }]))
      }),
  },
  {
    id: 'R3',
    name: 'accepted without an answer, past four hours',
    passes: 'unknown, an administrator decides',
    run: ({ withRig }) => withRig({}, pastFourHours),
  },
  {
    id: 'R5',
    name: 'the token is revoked (40014) or runs out (42001) under 50 calls at once',
    passes: 'one refresh, work goes on',
    // A slow machine takes its time until all of them are on the wire.
    async run({ withRig }) {
      const options = { orders: { workers: 50, callTimeoutMs: MINUTE } }
      const revoked = withRig(
        options,
        oneRefresh(({ wecom }) => wecom.revokeToken()),
      )
      const runOut = withRig(
        options,
        oneRefresh(({ wecom }) => wecom.setClock(3 * HOUR)),
      )
      return sumOf(await Promise.all([revoked, runOut]))
    },
  },
  {
    id: 'R6',
    name: 'storms of 45009 and -1 over 20 tasks',
    passes: 'few calls, all sent afterwards',
    async run({ withRig }) {
      // Here minutes pass in no time, and PostgreSQL's engine is to see them pass.
      const options = { orders: { tellsPostgres: true } }
      const found = await Promise.all([withRig(options, storm(45009, 60)), withRig(options, storm(-1, 200))])
      return sumOf(found)
    },
  },
  {
    id: 'R9',
    name: 'HTML 502, broken JSON, a host that no DNS knows',
    passes: 'no crash, retried',
    run: ({ withRig }) =>
      withRig({}, async (rig) => {
        const sum = await afterFaults(rig, [{ kind: 'http-502' }, { kind: 'broken-json' }])
        await rig.kill()
        await rig.start({}, { WECOM_API_URL: 'http://wecom.invalid' })
        const launched = await rig.launch({ executors: rig.people })
        await until('it was tried', async () => (await cardsOf(rig, launched)).sending === launched.executors.length)
        await rig.kill()
        await rig.start()
        const slowestRecovery = await rig.settled([launched])
        return add(sum, { kills: 2, ...(await rig.census([launched])), slowestRecovery })
      }),
  },
]
