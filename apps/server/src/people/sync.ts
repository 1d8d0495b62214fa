import { readVisibleRange, WecomError, type VisibleRange } from '@qimeng/wecom'
import { newId } from '../db/id.ts'
import { closeSessionsOf } from '../http/sessions.ts'
import type { JobKind } from '../jobs/kinds.ts'
import type { Db, Parts } from '../parts.ts'
import { arrangeDepartments } from './departments.ts'
import { chunks } from '../db/chunks.ts'
import { knownPeople, markLeft, writeDepartments, writeMembers, writeMemberships } from './store.ts'

/** The key of the job that copies the directory, also of the hourly one: however often somebody asks, one copy waits. */
export const SYNC_KEY = 'directory.sync' satisfies JobKind

/** WeCom named nobody at all: more likely somebody's slip in the app's settings than a company without people. */
class EmptyRange extends Error {
  override readonly name = 'EmptyRange'
}

/**
 * Copies the app's visible range from WeCom: all of it is read first, then only what differs is written, in one
 * transaction. Who is missing has left, and loses every session with that same commit.
 */
export async function syncDirectory(
  { db, wecom, clock, log }: Parts,
  reason: string,
  signal: AbortSignal,
): Promise<void> {
  const id = newId()
  await db
    .insertInto('directorySyncs')
    .values({ id, reason, startedAt: clock.now(), finishedAt: null, people: 0, departments: 0, error: null })
    .execute()
  const finish = (trx: Db, outcome: { people?: number; departments?: number; error?: string }) =>
    trx
      .updateTable('directorySyncs')
      .set({ ...outcome, finishedAt: clock.now() })
      .where('id', '=', id)
      .execute()
  try {
    const range = await readVisibleRange(wecom, { signal })
    if (range.members.length === 0) throw new EmptyRange('the visible range of the app is empty')
    const left = await db.transaction().execute(async (trx) => {
      const left = await applyRange(trx, range, clock.now())
      await finish(trx, { people: range.members.length, departments: range.departments.length })
      return left
    })
    log.info({ reason, people: range.members.length, departments: range.departments.length, left }, 'directory copied')
  } catch (error) {
    await finish(db, { error: signal.aborted ? '服务器停止时中断，稍后会自动重试' : explain(error) })
    throw error
  }
}

async function applyRange(trx: Db, { departments, members }: VisibleRange, now: number): Promise<number> {
  const known = await knownPeople(trx)
  const present = new Set(members.map(({ userid }) => userid.toLowerCase()))
  const left = [...known.values()].filter((person) => person.active && !present.has(person.userid.toLowerCase()))
  const userids = left.map(({ userid }) => userid)
  await writeDepartments(trx, arrangeDepartments(departments))
  await writeMembers(trx, known, members, now)
  await writeMemberships(trx, known, members)
  await markLeft(trx, userids, now)
  for (const some of chunks(userids)) await closeSessionsOf(trx, some)
  return left.length
}

/** For the settings page. */
function explain(error: unknown): string {
  if (error instanceof EmptyRange) return '企业微信返回的可见范围为空，请检查应用的可见范围'
  if (error instanceof WecomError) return error.cure ?? `企业微信返回错误 ${error.errcode}：${error.errmsg}`
  return '无法连接企业微信，稍后会自动重试'
}
