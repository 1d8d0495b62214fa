import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { HOUR, MINUTE, SECOND } from '@qimeng/contract'
import { sql } from 'kysely'
import { chunks } from '../../../../apps/server/src/db/chunks.ts'
import { SCHEMA } from '../../../../apps/server/src/jobs/boss-queues.ts'
import { createTask } from '../../../../apps/server/src/tasks/tasks.ts'
import { startSlowWecom, type SlowWecom } from '../due/slow-wecom.ts'
import { aPush, aTask, freePort } from '../faults/helpers.ts'
import { type ServerProcess, startServerProcess } from '../faults/process.ts'
import type { Figure } from '../figures.ts'
import type { Scale } from '../scale.ts'
import { useridOf } from '../tasks/data.ts'
import { ADMINISTRATOR, atDesk, type Desk, environmentOf } from './desk.ts'
import { openPasts } from './engines.ts'
import { peopleOf } from './past.ts'

/** Later than any bench runs; then their minute is set to come. */
const ONE_DAY = Date.UTC(2098, 0, 1)
/** Nobody may plan years ahead. */
const DAY_BEFORE = { now: () => ONE_DAY - 24 * HOUR }
/** From there on (ms) all processes know of the minute that comes. */
const LEAD = 2 * SECOND
const PATIENCE = 10 * MINUTE

interface Lag {
  /** ms from the minute to the first call and to the last. */
  first: number
  last: number
}

/** More processes on one PostgreSQL database with a long past: what is due in one minute goes out sooner, and how much. */
export async function crowd(scale: Scale): Promise<Figure[]> {
  const { tasks, executors, processes } = scale.crowd
  const pasts = await openPasts('postgres', scale)
  const wecom = await startSlowWecom()
  try {
    const url = await pasts.withTasks(scale.past.many)
    const figures: Figure[] = []
    let one: Lag | undefined
    for (const count of processes) {
      const desk = await atDesk(url)
      const lag = await letThemCome(desk, url, wecom, scale, count).finally(() => desk.end())
      one ??= lag
      const what = `${tasks} tasks x ${executors} due at once, ${scale.past.many} before, ${count} processes`
      figures.push(
        { what: `${what}: throughput`, ours: perSecond(tasks, lag), bare: perSecond(tasks, one), unit: 'tasks/s' },
        { what: `${what}: minute to first call`, ours: lag.first, bare: one.first, unit: 'ms' },
        { what: `${what}: minute to last call`, ours: lag.last, bare: one.last, unit: 'ms' },
      )
    }
    return figures
  } finally {
    await wecom.close()
    await pasts.end()
  }
}

const perSecond = (tasks: number, { last }: Lag) => tasks / (last / SECOND)

async function letThemCome({ parts }: Desk, url: string, wecom: SlowWecom, scale: Scale, count: number): Promise<Lag> {
  const { tasks, executors } = scale.crowd
  const people = peopleOf(scale.past.many)
  const made: string[] = []
  for (let task = 0; task < tasks; task++) {
    const invited = Array.from({ length: executors }, (_, at) => useridOf((task * executors + at) % people))
    const plan = aTask({ executors: invited, pushes: [aPush(ONE_DAY)] }, ONE_DAY)
    const { id } = await createTask({ ...parts, clock: DAY_BEFORE }, ADMINISTRATOR, plan, async (_, reply) => reply)
    made.push(id)
  }
  const folder = await mkdtemp(join(tmpdir(), 'qimeng-crowd-'))
  const servers: ServerProcess[] = []
  try {
    for (let at = 0; at < count; at++) {
      const port = String(await freePort())
      const env = { ...environmentOf(url, folder, wecom.url), ROLE: 'worker', PORT: port }
      servers.push(await startServerProcess(env, {}, join(folder, 'server.log')))
    }
    wecom.takeCalls()
    const minute = Date.now() + LEAD
    await setMinute(parts, made, minute)
    const calls: number[] = []
    const end = Date.now() + PATIENCE
    while (calls.length < tasks) {
      if (Date.now() > end) throw new Error(`${calls.length} of ${tasks} calls came`)
      await delay(20)
      // What a run that was cut off has left behind goes out before.
      calls.push(...wecom.takeCalls().filter((at) => at >= minute))
    }
    return { first: calls[0]! - minute, last: calls.at(-1)! - minute }
  } finally {
    for (const server of servers) server.signal('SIGTERM')
    await Promise.all(servers.map(({ gone }) => gone))
    await rm(folder, { recursive: true, force: true })
  }
}

/** Their day comes now, for the rows and for their jobs. */
async function setMinute({ db }: Desk['parts'], taskIds: string[], minute: number) {
  await db.transaction().execute(async (trx) => {
    for (const some of chunks(taskIds)) {
      await trx.updateTable('pushes').set({ scheduledAt: minute }).where('taskId', 'in', some).execute()
    }
    await sql`
      update ${sql.table(`${SCHEMA}.job`)} set start_after = ${new Date(minute)}
      where name = 'push.issue' and state = 'created'`.execute(trx)
  })
}
