import { formatShanghai } from '@qimeng/contract/time'
import { announce } from '../messages/announce.ts'
import type { Db, Parts } from '../parts.ts'
import { announceHeld } from './alerts.ts'
import { markCards } from './marks.ts'
import { duePushes, findPush, setPushState } from './store.ts'

const MAYBE_SENT = '数据从备份恢复，可能已送达'

/**
 * The first start on a copy of the database (DESIGN.md 4.9): what happened after the copy was taken is not in it, so
 * whatever is due or under way may have reached people already. None of it goes out by itself; an administrator decides.
 * To be called before any job runs. Does nothing on a database that is no copy.
 */
export async function holdAfterRestore(parts: Pick<Parts, 'db' | 'clock' | 'log'>): Promise<void> {
  const now = parts.clock.now()
  const held = await parts.db.transaction().execute(async (trx) => {
    const mark = await trx.selectFrom('copyMarks').select('takenAt').orderBy('takenAt').executeTakeFirst()
    if (!mark) return undefined
    const pushes = await holdPushes(trx, mark.takenAt, now)
    const batches = await closeBatches(trx)
    // Texts of employees wait for an answer that they may have.
    await trx.updateTable('callbackEvents').set({ doneAt: now }).where('doneAt', 'is', null).execute()
    // Who has logged out since, or was dismissed, would be in again.
    await trx.deleteFrom('sessions').execute()
    await tellAdministrators(trx, mark.takenAt, now)
    await trx.deleteFrom('copyMarks').execute()
    return { takenAt: new Date(mark.takenAt).toISOString(), pushes, batches }
  })
  if (held) parts.log.warn(held, 'this database was restored from a copy: what may have been sent is held')
}

async function holdPushes(trx: Db, takenAt: number, now: number): Promise<number> {
  const due = await duePushes(trx, now)
  for (const { id } of due) {
    const push = (await findPush(trx, id))!
    await setPushState(trx, push, 'missed')
    await announceHeld(trx, push, takenAt, now)
  }
  return due.length
}

/** Reminders that may have arrived stay counted. */
async function closeBatches(trx: Db): Promise<number> {
  const open = await trx
    .selectFrom('batches')
    .select(['id', 'pushId', 'kind', 'recipients'])
    .where('state', 'in', ['ready', 'sending', 'blocked'])
    .execute()
  for (const { id, pushId, kind, recipients } of open) {
    const change = { state: 'unknown', fence: null, error: MAYBE_SENT } as const
    await trx.updateTable('batches').set(change).where('id', '=', id).execute()
    if (kind !== 'reminder') await markCards(trx, pushId, JSON.parse(recipients) as string[], 'unknown', MAYBE_SENT)
  }
  return open.length
}

async function tellAdministrators(trx: Db, takenAt: number, now: number) {
  const title = '数据已从备份恢复'
  const body =
    `现在的数据是 ${formatShanghai(takenAt)} 的备份，此后的任务、修改和截图不在其中。` +
    '到期的推送已列为「已错过」，正在发送的卡片已列为结果未知，都不会自动发送；请核对还没有推送的任务是否需要修改或删除。'
  await announce(trx, { kind: 'configuration', title, body }, now)
}
