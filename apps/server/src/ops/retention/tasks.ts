import { audit } from '../../audit/audit.ts'
import type { Db, Parts } from '../../parts.ts'
import { markErased } from '../../tasks/store.ts'
import { removeTask } from './remove-task.ts'
import { atRest, deletedBefore, finishedTasks, type Place } from './store.ts'

/** Each step is a transaction that others wait for: taking a name out of the index of names is some thirty rows. */
const AT_ONCE = 20

/**
 * Erases tasks that ended longer ago than they are kept. In two steps, since one task may have half a million rows: a
 * transaction makes it invisible to everybody and says so in the audit log, then its rows go in portions. Cut off between
 * them, the next sweep goes on, and nobody sees half a task.
 */
export async function eraseOldTasks(parts: Parts, signal: AbortSignal): Promise<void> {
  const age = parts.config.keep.tasks
  if (age !== null) await markOldTasks(parts, parts.clock.now() - age, signal)
  // Also when the age was taken out of the configuration meanwhile: what is invisible must not stay.
  for (;;) {
    const task = await parts.db
      .selectFrom('tasks')
      .select('id')
      .where('erasedAt', 'is not', null)
      .orderBy('erasedAt')
      .orderBy('id')
      .executeTakeFirst()
    if (!task || signal.aborted) return
    await removeTask(parts.db, task.id, signal)
  }
}

/** Those that were deleted, and those that are finished, the oldest first. */
async function markOldTasks(parts: Parts, before: number, signal: AbortSignal) {
  for (const find of [deletedBefore, finishedTasks]) {
    let place: Place | undefined
    do {
      place = await parts.db.transaction().execute(async (trx) => {
        const found = await find(trx, before, place, AT_ONCE)
        await mark(parts, trx, found, before)
        return found.length === AT_ONCE ? found.at(-1) : undefined
      })
    } while (place && !signal.aborted)
  }
}

async function mark(parts: Parts, trx: Db, tasks: Awaited<ReturnType<typeof finishedTasks>>, before: number) {
  const quiet = await atRest(
    trx,
    tasks.map(({ id }) => id),
    before,
  )
  const old = tasks.filter(({ id }) => quiet.has(id))
  if (old.length === 0) return
  for (const task of old) await markErased(trx, task, parts.clock.now())
  const detail = { erased: old.length, before }
  await audit(trx, parts, { actor: 'system', action: 'retention.tasks', subject: 'retention', detail })
}
