import { listExecutions } from '../../../../apps/server/src/delivery/executions.ts'
import { sweepDelivery } from '../../../../apps/server/src/delivery/sweep.ts'
import { listMine, viewMyPush } from '../../../../apps/server/src/mine/mine.ts'
import { sweepHouse } from '../../../../apps/server/src/ops/housekeeping.ts'
import type { Parts } from '../../../../apps/server/src/parts.ts'
import { listTasks } from '../../../../apps/server/src/tasks/list.ts'
import { viewTask } from '../../../../apps/server/src/tasks/view.ts'
import type { Figure } from '../figures.ts'
import { timed } from '../measure.ts'
import type { Scale } from '../scale.ts'
import { dice } from '../tasks/names.ts'
import { ADMINISTRATOR, atDesk, employee } from './desk.ts'
import { enginesHere, openPasts } from './engines.ts'
import { createdAt } from './past.ts'

type ListQuery = Partial<Parameters<typeof listTasks>[1]>
/** Asked again and again, each time about another task or person, as they come. */
type Question = (parts: Parts, about: Issued) => Promise<unknown>

/** A push of the past that somebody was to execute. */
interface Issued {
  pushId: string
  taskId: string
  userid: string
}

const TIMES = 20
const DAY = 24 * 60 * 60 * 1000
const THINGS = 200

const list =
  (query: ListQuery): Question =>
  ({ db }) =>
    listTasks(db, { sort: 'newest', limit: 20, ...query })

const lastMonth = { createdFrom: createdAt(0, 0) - 30 * DAY, createdTo: createdAt(0, 0) }
const page = { limit: 20 }

/** P4: what must take the same time with a hundred times the past. */
const STEADY: Record<string, Question> = {
  list: list({}),
  'list, state 进行中': list({ state: 'running' }),
  'list, scope 全部': list({ scope: 'all' }),
  'list, the last month': list(lastMonth),
  'task detail': (parts, { taskId }) => viewTask(parts, ADMINISTRATOR, taskId),
  'its 待执行': ({ db }, { pushId }) => listExecutions(db, pushId, { state: 'pending', ...page }),
  'its 已执行': ({ db }, { pushId }) => listExecutions(db, pushId, { state: 'done', ...page }),
  "employee's 待执行": (parts, { userid }) => listMine(parts, employee(userid), { state: 'pending', ...page }),
  "employee's 已执行": (parts, { userid }) => listMine(parts, employee(userid), { state: 'done', ...page }),
  "employee's detail": (parts, { pushId, userid }) => viewMyPush(parts, employee(userid), pushId),
  'sweep of the delivery': (parts) => sweepDelivery(parts),
  'sweep of the house': (parts) => sweepHouse(parts),
}

/** P2: what may take three times as long with ten times the tasks. */
const SEARCHES: Record<string, Question> = Object.fromEntries(
  ['凤', '春节', '活动', '春节新品', '没有这个', '王伟'].map((keyword) => [
    `keyword 「${keyword}」`,
    list({ keyword }),
  ]),
)
SEARCHES['keyword 「活动」, state 进行中'] = list({ keyword: '活动', state: 'running' })

/** P2 and P4: the same questions, with few tasks before them and with many, on both engines. */
export async function growth(scale: Scale): Promise<Figure[]> {
  const figures: Figure[] = []
  const { few, some, many } = scale.past
  for (const engine of enginesHere()) {
    const pasts = await openPasts(engine, scale)
    try {
      const compare = async (questions: Record<string, Question>, [before, after]: [number, number], bar: number) => {
        const desks = [await atDesk(await pasts.withTasks(before)), await atDesk(await pasts.withTasks(after))]
        try {
          const abouts = await Promise.all(desks.map(async ({ parts }) => issuedOnes(parts)))
          for (const [name, question] of Object.entries(questions)) {
            const asks = desks.map(({ parts }, at) => async () => {
              for (let time = 0; time < TIMES; time++) await question(parts, next(abouts[at]!))
            })
            const [bare, ours] = (await timed(asks, scale.rounds)).map((ms) => ms / TIMES)
            const what = `${engine}: ${name}, ${after} / ${before} tasks`
            figures.push({ what, ours: ours!, bare: bare!, unit: 'ms', bar: { atMost: bar } })
          }
        } finally {
          for (const desk of desks) await desk.end()
        }
      }
      await compare(STEADY, [few, many], 1.3)
      await compare(SEARCHES, [some, many], 3)
    } finally {
      await pasts.end()
    }
  }
  return figures
}

/** From all over the past, so that none is in the cache because the one before was asked for. */
async function issuedOnes({ db }: Parts): Promise<Issued[]> {
  const tasks = await db
    .selectFrom('tasks')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  const roll = dice(1)
  const found: Issued[] = []
  while (found.length < Math.min(THINGS, Number(tasks.n))) {
    const taskId = `task${String(roll(Number(tasks.n))).padStart(8, '0')}`
    const execution = await db
      .selectFrom('executions')
      .select(['pushId', 'taskId', 'userid'])
      .where('taskId', '=', taskId)
      .executeTakeFirst()
    if (execution) found.push(execution)
  }
  return found
}

function next(things: Issued[]): Issued {
  const [thing] = things.splice(0, 1)
  things.push(thing!)
  return thing!
}
