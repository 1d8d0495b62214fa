import type { NewTask } from '@qimeng/contract'
import { createTask } from '../../../../apps/server/src/tasks/tasks.ts'
import { startSlowWecom, type SlowWecom } from '../due/slow-wecom.ts'
import { aPush, aTask } from '../faults/helpers.ts'
import type { Figure } from '../figures.ts'
import { timed } from '../measure.ts'
import type { Scale } from '../scale.ts'
import { useridOf } from '../tasks/data.ts'
import { ADMINISTRATOR, atDesk, type Desk } from './desk.ts'
import { enginesHere, openPasts } from './engines.ts'
import { peopleOf } from './past.ts'

/** Tasks that are created for now in one round; each takes one call. */
const TASKS = 10
const EXECUTORS = 50

/** What a card costs from the click on 创建 to WeCom's answer in the ledger, with few tasks behind it and with many. */
export async function cards(scale: Scale): Promise<Figure[]> {
  const figures: Figure[] = []
  const { few, many } = scale.past
  // It answers at once: what is measured is our own work.
  const wecom = await startSlowWecom(0)
  try {
    for (const engine of enginesHere()) {
      const pasts = await openPasts(engine, scale)
      const desks: Desk[] = []
      try {
        for (const tasks of [few, many]) desks.push(await atDesk(await pasts.withTasks(tasks), wecom.url))
        // The data is kept: a run that was cut off has left cards behind, which go out now.
        for (const { parts } of desks) await parts.jobs.idle()
        const rounds = desks.map(({ parts }, at) => sendRound(parts, wecom, peopleOf([few, many][at]!)))
        const [bare, ours] = (await timed(rounds, scale.rounds)).map((ms) => ms / (TASKS * EXECUTORS))
        const what = `${engine}: a card, ${many} / ${few} tasks`
        figures.push({ what, ours: ours!, bare: bare!, unit: 'ms', bar: { atMost: 1.3 } })
      } finally {
        for (const desk of desks) await desk.end()
        await pasts.end()
      }
    }
  } finally {
    await wecom.close()
  }
  return figures
}

function sendRound(parts: Desk['parts'], wecom: SlowWecom, people: number) {
  // Somebody else each time: nobody gets more than thirty messages a minute.
  let next = 0
  return async () => {
    wecom.takeCalls()
    for (let task = 0; task < TASKS; task++) {
      const executors = Array.from({ length: EXECUTORS }, () => useridOf((next += 1) % people))
      const now = parts.clock.now()
      const plan: NewTask = aTask({ executors, pushes: [aPush(now)] }, now)
      // Planned at one moment, or on a busy machine the minute might be over before the plan is looked at.
      await createTask({ ...parts, clock: { now: () => now } }, ADMINISTRATOR, plan, async (_, reply) => reply)
    }
    await parts.jobs.idle()
    const sent = wecom.takeCalls().length
    if (sent !== TASKS) throw new Error(`${sent} of ${TASKS} calls reached WeCom`)
  }
}
