import { setImmediate as breathe } from 'node:timers/promises'
import { readVisibleRange, WecomError, type VisibleRange } from '@qimeng/wecom'
import { newId } from '../db/id.ts'
import { closeSessionsOf } from '../http/sessions.ts'
import type { Clock } from '../jobs/jobs.ts'
import type { JobKind } from '../jobs/kinds.ts'
import type { Db, Parts } from '../parts.ts'
import { arrangeDepartments } from './departments.ts'
import { chunks } from '../db/chunks.ts'
import { knownPeople, markLeft, replacedSince, writeDepartments, writeMembers, writeMemberships } from './store.ts'

/** The key of the job that copies the directory, also of the hourly one: however often somebody asks, one copy waits. */
export const SYNC_KEY = 'directory.sync' satisfies JobKind

/** People per transaction: some 20 ms in which nothing else is answered. */
const PEOPLE_AT_A_TIME = 250

/** WeCom named nobody at all: more likely somebody's slip in the app's settings than a company without people. */
class EmptyRange extends Error {
  override readonly name = 'EmptyRange'
}

/**
 * Copies the app's visible range from WeCom: all of it is read first, then only what differs is written, some people at a
 * time, so that a large corp keeps nobody waiting. A copy that ends half-way is gone on with by the next. Who is missing
 * has left, and loses every session with that same commit.
 */
export async function syncDirectory(
  { db, wecom, clock, log }: Parts,
  reason: string,
  signal: AbortSignal,
): Promise<void> {
  const id = newId()
  const startedAt = clock.now()
  await db
    .insertInto('directorySyncs')
    .values({ id, reason, startedAt, finishedAt: null, people: 0, departments: 0, error: null })
    .execute()
  const finish = (outcome: { people?: number; departments?: number; error?: string }) =>
    db
      .updateTable('directorySyncs')
      .set({ ...outcome, finishedAt: clock.now() })
      .where('id', '=', id)
      .execute()
  try {
    const range = await readVisibleRange(wecom, { signal })
    if (range.members.length === 0) throw new EmptyRange('the visible range of the app is empty')
    const left = await applyRange(db, range, { startedAt, clock, signal })
    await finish({ people: range.members.length, departments: range.departments.length })
    log.info({ reason, people: range.members.length, departments: range.departments.length, left }, 'directory copied')
  } catch (error) {
    await finish({ error: signal.aborted ? '服务器停止时中断，稍后会自动重试' : explain(error) })
    throw error
  }
}

interface Applying {
  startedAt: number
  clock: Clock
  signal: AbortSignal
}

async function applyRange(db: Db, { departments, ...range }: VisibleRange, run: Applying): Promise<number> {
  const known = await knownPeople(db)
  const replaced = await replacedSince(db, run.startedAt)
  const members = range.members.filter(({ userid }) => !replaced.has(userid.toLowerCase()))
  const present = new Set(members.map(({ userid }) => userid.toLowerCase()))
  await db.transaction().execute((trx) => writeDepartments(trx, arrangeDepartments(departments)))
  for (const some of chunks(members, PEOPLE_AT_A_TIME)) {
    run.signal.throwIfAborted()
    await db.transaction().execute(async (trx) => {
      await writeMembers(trx, known, some, run.clock.now())
      await writeMemberships(trx, known, some)
    })
    await breathe()
  }
  // Somebody admitted while we read (admit.ts) may be missing from what we read, and is here all the same.
  const left = [...known.values()].filter(
    ({ active, userid, updatedAt }) => active && updatedAt <= run.startedAt && !present.has(userid.toLowerCase()),
  )
  for (const some of chunks(left.map(({ userid }) => userid))) {
    await db.transaction().execute(async (trx) => {
      await markLeft(trx, some, run.clock.now())
      await closeSessionsOf(trx, some)
    })
    await breathe()
  }
  return left.length
}

/** For the settings page. */
function explain(error: unknown): string {
  if (error instanceof EmptyRange) return '企业微信返回的可见范围为空，请检查应用的可见范围'
  if (error instanceof WecomError) return error.cure ?? `企业微信返回错误 ${error.errcode}：${error.errmsg}`
  return '无法连接企业微信，稍后会自动重试'
}
