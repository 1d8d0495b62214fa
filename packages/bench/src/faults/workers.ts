import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { MINUTE, SECOND } from '@qimeng/contract'
import { until } from './helpers.ts'
import { type Rig, SEND } from './rig.ts'
import { hold, type Scenario, sumOf } from './scenario.ts'
import { layWire } from './wire.ts'

const LEASE = 3 * SECOND

const launchSome = (rig: Rig, tasks: number) =>
  Promise.all(Array.from({ length: tasks }, (_, task) => rig.launch({ executors: rig.people.slice(task, task + 20) })))

/**
 * A process that stands still for longer than its leases, all its workers but one with a call on the wire, and then goes on as
 * if nothing had been. Nobody else is let into its database, so what it was at stays its own: the free worker takes nothing
 * over, and no call is made a second time. The cards alone would not tell, for WeCom drops the repeat.
 */
async function standStill(rig: Rig, workers: number) {
  await rig.kill()
  await rig.start({ workers, callTimeoutMs: MINUTE })
  let held = 0
  let letGo = () => {}
  const free = new Promise<void>((resolve) => (letGo = resolve))
  rig.wire.on(SEND, 'before', () => ((held += 1), free))
  const busy = workers - 1
  const launched = await launchSome(rig, busy)
  await until('all but one have a call on the wire', async () => held === busy)
  rig.signal('SIGSTOP')
  await delay(LEASE + SECOND)
  rig.signal('SIGCONT')
  // Time for its workers to look for work whose lease has run out.
  await delay(SECOND)
  letGo()
  const slowestRecovery = await rig.settled(launched)
  const bodies = rig.wire.calls(SEND).map(({ body }) => body)
  hold(new Set(bodies).size === bodies.length, 'no worker takes over what another one is still at')
  return { ...(await rig.census(launched)), slowestRecovery }
}

/**
 * The same with processes: one of them stands still with calls on the wire, the others take its work over, and when it goes on
 * it has the answers to calls that are no longer its own.
 */
async function oneStandsStill(rig: Rig, processes: number) {
  const wires = await Promise.all(Array.from({ length: processes - 1 }, () => layWire(rig.at.simulatorUrl)))
  try {
    const workers = await Promise.all(
      wires.map(async (wire) => ({
        ...{ wire, letGo: () => {}, held: 0 },
        process: await rig.startWorker!({ tells: true }, { WECOM_API_URL: wire.url }),
      })),
    )
    for (const worker of workers) {
      const free = new Promise<void>((resolve) => (worker.letGo = resolve))
      worker.wire.on(SEND, 'before', () => ((worker.held += 1), free))
    }
    const launched = await launchSome(rig, 25)
    const stale = await until(
      'a worker has a call on the wire',
      async () => workers.find(({ held }) => held > 0) ?? false,
    )
    stale.process.signal('SIGSTOP')
    for (const { letGo } of workers) letGo()
    const slowestRecovery = await rig.settled(launched)
    const settled = await rig.ledger!()
    const calls = stale.held
    stale.process.signal('SIGCONT')
    const written = () => stale.process.passages.filter(({ point }) => point === 'after-outcome').length
    await until('the stale worker is through', async () => written() >= calls)
    hold(isDeepStrictEqual(await rig.ledger!(), settled), 'the stale worker writes nothing')
    return { ...(await rig.census(launched)), slowestRecovery }
  } finally {
    await Promise.all(wires.map((wire) => wire.close()))
  }
}

export const workerScenarios: Scenario[] = [
  {
    id: 'R4',
    name: '2 and 20 workers, SIGSTOP past the lease and CONT',
    passes: 'the stale worker writes nothing, one card per person',
    async run({ withRig }) {
      const found = [2, 20].map((workers) =>
        withRig({ orders: { leaseMs: LEASE } }, (rig) =>
          rig.startWorker ? oneStandsStill(rig, workers) : standStill(rig, workers),
        ),
      )
      return sumOf(await Promise.all(found))
    },
  },
]
