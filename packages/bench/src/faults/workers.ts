import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { SECOND } from '@qimeng/contract'
import { until } from './helpers.ts'
import { type Rig, SEND } from './rig.ts'
import { hold, type Scenario, sumOf } from './scenario.ts'
import { layWire } from './wire.ts'

const LEASE = 3 * SECOND

const launchSome = (rig: Rig) =>
  Promise.all(Array.from({ length: 25 }, (_, task) => rig.launch({ executors: rig.people.slice(task, task + 20) })))

/** Workers that stand still for longer than their leases, with calls on the wire, and then go on as if nothing had been. */
async function standStill(rig: Rig) {
  const release = rig.wire.on(SEND, 'before', () => delay(200))
  const launched = await launchSome(rig)
  rig.signal('SIGSTOP')
  await delay(LEASE + SECOND)
  rig.signal('SIGCONT')
  const slowestRecovery = await rig.settled(launched)
  release()
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
    const launched = await launchSome(rig)
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
    passes: 'one card per person',
    async run({ withRig }) {
      const found = [2, 20].map((workers) =>
        withRig({ orders: { leaseMs: LEASE } }, async (rig) => {
          if (rig.startWorker) return oneStandsStill(rig, workers)
          await rig.kill()
          await rig.start({ workers })
          return standStill(rig)
        }),
      )
      return sumOf(await Promise.all(found))
    },
  },
]
