import { chunks } from '../db/chunks.ts'
import type { Database } from '../db/schema.ts'
import { gramsOf } from '../db/search.ts'
import type { Db } from '../parts.ts'

type Listed = Database['tasks']

/**
 * Keeps what the list reads instead of walking through all tasks (docs/decisions/0012): how many there are of each kind,
 * and which have a character or a pair of characters in their name. Every write to `tasks` passes here, in its transaction.
 * A deleted task is in none of it.
 */
export async function catalogue(trx: Db, before: Listed | undefined, after: Listed | undefined) {
  const was = before?.deletedAt === null ? before : undefined
  const is = after?.deletedAt === null ? after : undefined
  if (was && is && sameKind(was, is) && was.searchName === is.searchName) return
  if (was) await countTask(trx, was, -1)
  if (is) await countTask(trx, is, 1)
  if (was?.searchName === is?.searchName) return
  const gramsIn = (task: Listed | undefined) => (task ? gramsOf(task.searchName) : [])
  const [old, now] = [gramsIn(was), gramsIn(is)]
  if (was)
    await removeGrams(
      trx,
      was,
      old.filter((gram) => !now.includes(gram)),
    )
  if (is)
    await addGrams(
      trx,
      is,
      now.filter((gram) => !old.includes(gram)),
    )
}

/** Counts anew what these people have made, when tasks have changed hands. */
export async function recountTasksOf(trx: Db, creators: readonly string[]) {
  await trx.deleteFrom('taskCounts').where('createdBy', 'in', creators).execute()
  await trx
    .insertInto('taskCounts')
    .columns(['createdBy', 'state', 'sendScope', 'tasks'])
    .expression(
      trx
        .selectFrom('tasks')
        .select(({ fn }) => ['createdBy', 'state', 'sendScope', fn.countAll<number>().as('tasks')])
        .where('createdBy', 'in', creators)
        .where('deletedAt', 'is', null)
        .groupBy(['createdBy', 'state', 'sendScope']),
    )
    .execute()
}

const sameKind = (a: Listed, b: Listed) => a.state === b.state && a.sendScope === b.sendScope

async function countTask(trx: Db, { createdBy, state, sendScope }: Listed, change: 1 | -1) {
  await trx
    .insertInto('taskCounts')
    .values({ createdBy, state, sendScope, tasks: change })
    .onConflict((conflict) =>
      conflict
        .columns(['createdBy', 'state', 'sendScope'])
        .doUpdateSet(({ eb }) => ({ tasks: eb('taskCounts.tasks', '+', change) })),
    )
    .execute()
}

async function addGrams(trx: Db, { id: taskId, createdAt }: Listed, grams: string[]) {
  for (const some of chunks(grams.toSorted())) {
    await trx
      .insertInto('taskGrams')
      .values(some.map((gram) => ({ gram, createdAt, taskId })))
      .execute()
    await trx
      .insertInto('taskGramCounts')
      .values(some.map((gram) => ({ gram, tasks: 1 })))
      .onConflict((conflict) =>
        conflict.column('gram').doUpdateSet(({ eb }) => ({ tasks: eb('taskGramCounts.tasks', '+', 1) })),
      )
      .execute()
  }
}

async function removeGrams(trx: Db, { id: taskId, createdAt }: Listed, grams: string[]) {
  for (const some of chunks(grams.toSorted())) {
    await trx
      .deleteFrom('taskGrams')
      .where('gram', 'in', some)
      .where('createdAt', '=', createdAt)
      .where('taskId', '=', taskId)
      .execute()
    await trx
      .updateTable('taskGramCounts')
      .set(({ eb }) => ({ tasks: eb('tasks', '-', 1) }))
      .where('gram', 'in', some)
      .execute()
    await trx.deleteFrom('taskGramCounts').where('gram', 'in', some).where('tasks', '=', 0).execute()
  }
}
