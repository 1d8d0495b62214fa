import {
  type Caller,
  type ConsoleApi,
  DEFAULT_HINT,
  type EndpointAt,
  MINUTE,
  type NewPush,
  type NewTask,
  type ReplyOf,
  startOfMinute,
} from '@qimeng/contract'

/** A task as the form sends it: one push of plain text in an hour, for 张三. */
export const aTask = (change: Partial<NewTask> = {}): NewTask => ({
  name: '秋季新品上市',
  executors: ['zhangsan'],
  sendScope: 'wechat',
  hint: DEFAULT_HINT.wechat,
  pushes: [aPush()],
  ...change,
})

export const aPush = (change: Partial<NewPush> = {}): NewPush => ({
  name: '早间上新',
  scheduledAt: startOfMinute(Date.now()) + 60 * MINUTE,
  text: '新品到店，欢迎来试[微笑]',
  images: [],
  link: null,
  ...change,
})

export const aLink = (change: Partial<NonNullable<NewPush['link']>> = {}): NonNullable<NewPush['link']> => ({
  url: 'https://example.com/new',
  title: '秋季新品',
  description: '',
  coverId: null,
  ...change,
})

/** The minute in which the server would send this at once. */
export const thisMinute = () => startOfMinute(Date.now())

/** Creates a task of which something is due now: once more where its minute has ended on the way, which the server refuses. */
export async function createDueNow(
  call: Caller<ConsoleApi>,
  taskAt: (now: number) => NewTask,
): Promise<ReplyOf<EndpointAt<ConsoleApi, 'POST /api/console/tasks'>>> {
  const now = thisMinute()
  try {
    return await call('POST /api/console/tasks', { body: taskAt(now) })
  } catch (error) {
    if (thisMinute() === now) throw error
    return call('POST /api/console/tasks', { body: taskAt(thisMinute()) })
  }
}
