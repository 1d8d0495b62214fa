import { HOUR } from '@qimeng/contract/time'
import type { EnqueueOptions } from '../jobs/jobs.ts'
import type { Db, Parts } from '../parts.ts'

const keyOf = (pushId: string) => `push:${pushId}`
const mediaKeyOf = (pushId: string) => `media:${pushId}`

/** How long (ms) before the minute the pictures go to WeCom: they live there for three days, so not at the creation. */
const MEDIA_LEAD = HOUR

/** Each so many executors cost a push a turn: enough for an order, too little to be felt. */
const PEOPLE_PER_TURN = 1_000

/**
 * Plans the job that issues a push at its minute. It is a hint: the row decides when the job runs (DESIGN.md 4.8). Of those
 * due in the same minute the small ones come first: ten people need not wait until a hundred thousand are frozen.
 * @param options.people how many executors it has, where that is known
 */
export async function schedulePush(
  { jobs }: Pick<Parts, 'jobs'>,
  trx: Db,
  { id, scheduledAt }: { id: string; scheduledAt: number },
  { people = 0, ...keeping }: { people?: number } & Pick<EnqueueOptions, 'keepBefore'> = {},
) {
  const turn = Math.floor(people / PEOPLE_PER_TURN)
  await jobs.enqueue(trx, 'push.issue', { pushId: id }, { at: scheduledAt, turn, key: keyOf(id), ...keeping })
}

/** Plans to hand a push's pictures to WeCom, in time for its minute; one that is due gets them as soon as possible. */
export async function scheduleMedia(
  { jobs }: Pick<Parts, 'jobs'>,
  trx: Db,
  { id, scheduledAt }: { id: string; scheduledAt: number },
) {
  await jobs.enqueue(trx, 'media.prepare', { pushId: id }, { at: scheduledAt - MEDIA_LEAD, key: mediaKeyOf(id) })
}

/** Takes the jobs of a push back; one that is running already finds out from the row. */
export async function unschedulePush({ jobs }: Pick<Parts, 'jobs'>, trx: Db, pushId: string) {
  await jobs.cancel(trx, 'push.issue', keyOf(pushId))
  await jobs.cancel(trx, 'media.prepare', mediaKeyOf(pushId))
}

/** Plans to take the cards of a deleted task back from the phones. Planned again, it looks again. */
export async function scheduleRecall({ jobs }: Pick<Parts, 'jobs'>, trx: Db, taskId: string) {
  await jobs.enqueue(trx, 'card.recall', { taskId }, { key: `recall:${taskId}` })
}
