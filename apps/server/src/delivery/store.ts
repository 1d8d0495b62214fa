import { sql } from 'kysely'
import { compileOnceForOne } from '../db/compiled.ts'
import { newId } from '../db/id.ts'
import type { Batches } from '../db/schema.ts'
import type { Db } from '../parts.ts'
import { settleTask } from '../tasks/store.ts'
import { REFUSAL_REASON } from './reasons.ts'

/** A push with what its task and its card need to say. */
export type PlannedPush = NonNullable<Awaited<ReturnType<typeof findPush>>>

export async function findPush(db: Db, pushId: string) {
  const row = await pushWithTask(db, { pushId })
  return row && { ...row, images: row.images ?? 0, hasLink: row.linkUrl !== null }
}

const pushWithTask = compileOnceForOne((db, { pushId }: { pushId: string }) =>
  db
    .selectFrom('pushes')
    .innerJoin('tasks', 'tasks.id', 'pushes.taskId')
    .select((eb) => [
      ...(['pushes.id', 'pushes.taskId', 'pushes.name', 'pushes.scheduledAt', 'pushes.state'] as const),
      ...(['pushes.issuedAt', 'pushes.reminderRounds', 'pushes.linkUrl'] as const),
      ...(['tasks.name as taskName', 'tasks.sendScope', 'tasks.hint', 'tasks.deletedAt as taskDeletedAt'] as const),
      eb
        .selectFrom('pushImages')
        .select((images) => images.fn.countAll<number>().as('images'))
        .whereRef('pushImages.pushId', '=', 'pushes.id')
        .as('images'),
    ])
    .where('pushes.id', '=', pushId),
)

type PushOfTask = Pick<PlannedPush, 'id' | 'taskId'>

export async function markIssued(trx: Db, push: PushOfTask, { at, late }: { at: number; late: boolean }) {
  await trx
    .updateTable('pushes')
    .set({ state: 'issued', issuedAt: at, late: late ? 1 : 0 })
    .where('id', '=', push.id)
    .execute()
  await settleTask(trx, push.taskId)
}

export async function setPushState(trx: Db, push: PushOfTask, state: 'missed' | 'cancelled') {
  await trx.updateTable('pushes').set({ state }).where('id', '=', push.id).execute()
  await settleTask(trx, push.taskId)
}

/** An execution for every executor who is an active employee now; their userids in the order of the task. */
export async function freezeAudience(trx: Db, pushId: string, now: number): Promise<string[]> {
  const audience = trx
    .selectFrom('pushes')
    .innerJoin('taskExecutors', 'taskExecutors.taskId', 'pushes.taskId')
    .innerJoin('employees', 'employees.userid', 'taskExecutors.userid')
    .where('pushes.id', '=', pushId)
    .where('employees.active', '=', 1)
  await trx
    .insertInto('executions')
    .columns(['pushId', 'userid', 'taskId', 'cardState', 'reminders', 'createdAt'])
    .expression(
      audience.select([
        'pushes.id',
        'taskExecutors.userid',
        'pushes.taskId',
        sql.lit('pending').as('cardState'),
        sql.lit(0).as('reminders'),
        sql<number>`cast(${now} as bigint)`.as('createdAt'),
      ]),
    )
    .execute()
  const rows = await audience.select('taskExecutors.userid').orderBy('taskExecutors.position').execute()
  return rows.map(({ userid }) => userid)
}

/** Due pushes that nobody has issued, whatever became of their job. */
export function duePushes(db: Db, now: number) {
  return db
    .selectFrom('pushes')
    .innerJoin('tasks', 'tasks.id', 'pushes.taskId')
    .select(['pushes.id', 'pushes.scheduledAt'])
    .where('pushes.state', '=', 'scheduled')
    .where('pushes.scheduledAt', '<=', now)
    .where('tasks.deletedAt', 'is', null)
    .execute()
}

type NewBatch = Pick<Batches, 'id' | 'pushId' | 'kind' | 'round' | 'part' | 'body' | 'requestedBy' | 'createdAt'>

export async function insertBatch(trx: Db, batch: NewBatch, recipients: readonly string[]) {
  await trx.insertInto('batches').values(uncalled(batch, recipients)).execute()
}

/** A line for people of a round whom no call can name, so that its report counts them as failed. */
export async function insertUnsent(trx: Db, batch: Omit<NewBatch, 'id' | 'body'>, recipients: readonly string[]) {
  if (recipients.length === 0) return
  const unsent = uncalled({ ...batch, id: newId(), body: '' }, recipients)
  await trx
    .insertInto('batches')
    .values({ ...unsent, state: 'failed', error: REFUSAL_REASON.unaddressable })
    .execute()
}

const uncalled = (batch: NewBatch, recipients: readonly string[]): Batches => ({
  ...batch,
  recipients: JSON.stringify(recipients),
  people: recipients.length,
  state: 'ready',
  attempts: 0,
  attemptedAt: null,
  dueAt: batch.createdAt,
  fence: null,
  firstAmbiguousAt: null,
  msgid: null,
  errcode: null,
  error: null,
  refused: null,
  sentAt: null,
  recalledAt: null,
  recallErrcode: null,
})
