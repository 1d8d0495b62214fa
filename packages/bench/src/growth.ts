import { openDatabase } from '../../../apps/server/src/db/open.ts'
import { listTasks } from '../../../apps/server/src/tasks/list.ts'
import type { Figure } from './figures.ts'
import { timed } from './measure.ts'
import type { Scale } from './scale.ts'
import { manyTasks, START } from './tasks/data.ts'

type Question = Partial<Parameters<typeof listTasks>[1]>

/** Few people per task: what grows here are the tasks. */
const EXECUTORS = 3
const TIMES = 20
const DAY = 24 * 60 * 60 * 1000
const aMonth = { createdFrom: START, createdTo: START + 30 * DAY }

const QUESTIONS: Record<string, Question> = {
  list: {},
  'list, state 进行中': { state: 'running' },
  'list, scope 全部': { scope: 'all' },
  'list, a month': aMonth,
  'keyword 「凤」': { keyword: '凤' },
  'keyword 「春节」': { keyword: '春节' },
  'keyword 「活动」': { keyword: '活动' },
  'keyword 「活动」, state 进行中': { keyword: '活动', state: 'running' },
  'keyword 「春节新品」': { keyword: '春节新品' },
  'keyword 「没有这个」': { keyword: '没有这个' },
  'keyword 「王伟」': { keyword: '王伟' },
}

/** P2 and P4: the same question, page and total, with ten times the tasks. */
export async function growth(scale: Scale): Promise<Figure[]> {
  const [before, after] = await Promise.all(
    [scale.tasks, scale.manyTasks].map(async (tasks) =>
      openDatabase(`sqlite:${await manyTasks(scale.folder, { tasks, executors: EXECUTORS })}`),
    ),
  )
  try {
    const figures: Figure[] = []
    for (const [name, question] of Object.entries(QUESTIONS)) {
      const ask = (db: Parameters<typeof listTasks>[0]) => async () => {
        for (let time = 0; time < TIMES; time++) await listTasks(db, { sort: 'newest', limit: 20, ...question })
      }
      const [few, many] = (await timed([ask(before!), ask(after!)], scale.rounds)).map((ms) => ms / TIMES)
      const bar = { atMost: name.startsWith('keyword') ? 3 : 1.3 }
      figures.push({
        what: `${name}, ${scale.manyTasks} / ${scale.tasks} tasks`,
        ours: many!,
        bare: few!,
        unit: 'ms',
        bar,
      })
    }
    return figures
  } finally {
    await Promise.all([before!.destroy(), after!.destroy()])
  }
}
