import type { Db } from '../../parts.ts'
import { picturesOf, releasePictures } from '../../tasks/pictures.ts'
import { deletePlan } from '../../tasks/store.ts'
import { removeProofPictures } from './proofs.ts'

/** Rows of one transaction, so that nobody who wants to write waits longer than a moment. */
const AT_ONCE = 500
/** The body of a call names up to a thousand people. */
const CALLS_AT_ONCE = 50

/** Takes a few rows and what hangs on them; says whether there were any. */
type Portion = (trx: Db) => Promise<boolean>

/**
 * Takes the rows of a task away, portion by portion; the task itself goes last, so that whoever is cut off finds it again.
 * The task must be marked as erased: then nobody reads or adds any of them.
 */
export async function removeTask(db: Db, taskId: string, signal: AbortSignal): Promise<void> {
  const pushes = await db.selectFrom('pushes').select('id').where('taskId', '=', taskId).execute()
  const portions = [
    ...pushes.flatMap(({ id }) => [proofsOf(id), callsOf(id), exportsOf(id), executionsOf(id)]),
    executorsOf(taskId),
    messagesOf(taskId),
  ]
  for (const portion of portions) {
    while (!signal.aborted && (await db.transaction().execute(portion)));
  }
  if (signal.aborted) return
  await db.transaction().execute(async (trx) => {
    const pictures = await picturesOf(trx, taskId)
    await deletePlan(trx, taskId)
    await releasePictures(trx, pictures)
    await trx.deleteFrom('tasks').where('id', '=', taskId).execute()
  })
}

/** @param find what tells the next few rows apart */
const portion =
  (find: (trx: Db) => Promise<{ id: string }[]>, remove: (trx: Db, ids: string[]) => Promise<unknown>): Portion =>
  async (trx) => {
    const ids = (await find(trx)).map(({ id }) => id)
    if (ids.length > 0) await remove(trx, ids)
    return ids.length > 0
  }

const executionsOf = (pushId: string) =>
  portion(
    (trx) => trx.selectFrom('executions').select('userid as id').where('pushId', '=', pushId).limit(AT_ONCE).execute(),
    (trx, ids) => trx.deleteFrom('executions').where('pushId', '=', pushId).where('userid', 'in', ids).execute(),
  )

const executorsOf = (taskId: string) =>
  portion(
    (trx) =>
      trx.selectFrom('taskExecutors').select('userid as id').where('taskId', '=', taskId).limit(AT_ONCE).execute(),
    (trx, ids) => trx.deleteFrom('taskExecutors').where('taskId', '=', taskId).where('userid', 'in', ids).execute(),
  )

const proofsOf = (pushId: string) =>
  portion(
    (trx) => trx.selectFrom('proofs').select('id').where('pushId', '=', pushId).limit(AT_ONCE).execute(),
    async (trx, ids) => {
      await removeProofPictures(trx, ids)
      await trx.deleteFrom('proofs').where('id', 'in', ids).execute()
    },
  )

const callsOf = (pushId: string) =>
  portion(
    (trx) => trx.selectFrom('batches').select('id').where('pushId', '=', pushId).limit(CALLS_AT_ONCE).execute(),
    async (trx, ids) => {
      await trx.deleteFrom('cardCodes').where('batchId', 'in', ids).execute()
      await trx.deleteFrom('batches').where('id', 'in', ids).execute()
    },
  )

/** Their files are gone already, or the task would not be at rest. */
const exportsOf = (pushId: string) =>
  portion(
    (trx) => trx.selectFrom('exports').select('id').where('pushId', '=', pushId).limit(AT_ONCE).execute(),
    (trx, ids) => trx.deleteFrom('exports').where('id', 'in', ids).execute(),
  )

const messagesOf = (taskId: string) =>
  portion(
    (trx) => trx.selectFrom('messages').select('id').where('taskId', '=', taskId).limit(AT_ONCE).execute(),
    async (trx, ids) => {
      await trx.deleteFrom('messageReads').where('messageId', 'in', ids).execute()
      await trx.deleteFrom('messages').where('id', 'in', ids).execute()
    },
  )
