import { setTimeout as delay } from 'node:timers/promises'
import { SECOND } from '@qimeng/contract'
import { type Rig, SEND } from './rig.ts'
import { add, nothingFound, type Scenario } from './scenario.ts'

const LEASE = 3 * SECOND

/** Workers that stand still for longer than their leases, with calls on the wire, and then go on as if nothing had been. */
async function standStill(rig: Rig) {
  const release = rig.wire.on(SEND, 'before', () => delay(200))
  const launched = await Promise.all(
    Array.from({ length: 25 }, (_, task) => rig.launch({ executors: rig.people.slice(task, task + 20) })),
  )
  rig.signal('SIGSTOP')
  await delay(LEASE + SECOND)
  rig.signal('SIGCONT')
  const slowestRecovery = await rig.settled(launched)
  release()
  return { ...(await rig.census(launched)), slowestRecovery }
}

export const workerScenarios: Scenario[] = [
  {
    id: 'R4',
    name: '2 and 20 workers, SIGSTOP past the lease and CONT',
    passes: 'one card per person',
    async run({ withRig }) {
      const sum = nothingFound()
      for (const workers of [2, 20]) add(sum, await withRig({ orders: { workers, leaseMs: LEASE } }, standStill))
      return sum
    },
  },
]
