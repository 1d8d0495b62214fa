import { type NewTask, startOfMinute } from '@qimeng/contract'
import type { JobContext } from '../jobs/jobs.ts'
import { aPush, aTask } from '../test/builders.ts'
import type { AdminCaller, World } from '../test/world.ts'

export const SEND = '/cgi-bin/message/send'

export interface Campaign {
  taskId: string
  pushId: string
}

/** Creates a task whose one push is due in the current minute. It is on its way when this returns, not sent. */
export async function launch(world: World, admin: AdminCaller, change: Partial<NewTask> = {}): Promise<Campaign> {
  const pushes = [aPush({ scheduledAt: startOfMinute(world.clock.now()) })]
  const { id: taskId } = await admin('POST /api/console/tasks', { body: aTask({ pushes, ...change }) })
  const task = await admin('GET /api/console/tasks/:taskId', { params: { taskId } })
  return { taskId, pushId: task.pushes[0]!.id }
}

/** Lets time pass, and everything that is due then be done. */
export async function later(world: World, ms: number) {
  world.clock.advance(ms)
  await world.parts.jobs.idle()
}

/** The cards of a push on a person's phone, by title, oldest first. */
export async function cardsOf(world: World, userid: string, pushId: string): Promise<string[]> {
  const messages = await world.wecom.messagesOf(userid)
  return messages
    .filter(({ content }) => String(content.url).includes(`/m/pushes/${pushId}?`))
    .map(({ content }) => String(content.title))
}

export const batchesOf = ({ parts }: World, pushId: string) =>
  parts.db.selectFrom('batches').selectAll().where('pushId', '=', pushId).orderBy('id').execute()

/** Everybody's card state, and the reason when there is one. */
export async function cardStates({ parts }: World, pushId: string): Promise<Record<string, string>> {
  const rows = await parts.db.selectFrom('executions').selectAll().where('pushId', '=', pushId).execute()
  return Object.fromEntries(rows.map(({ userid, cardState, cardReason }) => [userid, cardReason ?? cardState]))
}

/** What the message centre tells administrators about a push. */
export const alertsOf = ({ parts }: World, pushId: string) =>
  parts.db.selectFrom('messages').select(['kind', 'title', 'body']).where('pushId', '=', pushId).execute()

/** A worker of our own beside those of the engine. */
export const aWorker = (): JobContext => ({
  attempt: 1,
  signal: new AbortController().signal,
  stillMine: () => Promise.resolve(true),
})
