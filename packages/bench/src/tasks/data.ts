import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { chunks } from '../../../../apps/server/src/db/chunks.ts'
import { migrate } from '../../../../apps/server/src/db/migrate.ts'
import * as firstTables from '../../../../apps/server/src/db/migrations/0001-first-tables.ts'
import { openDatabase } from '../../../../apps/server/src/db/open.ts'
import { foldForSearch } from '../../../../apps/server/src/db/search.ts'
import { readName } from '../../../../apps/server/src/people/pinyin.ts'
import { dice, one, personName, taskName } from './names.ts'

export type Db = Awaited<ReturnType<typeof openDatabase>>

export interface Size {
  tasks: number
  executors: number
}

export const START = Date.UTC(2024, 0, 1)
const MINUTE = 60_000
/** Far enough for nothing to fall due while a bench runs. */
const SOME_DAY = Date.UTC(2099, 0, 1)
const STATES = ['issued', 'issued', 'issued', 'missed', 'cancelled', 'scheduled'] as const
const SCOPES = ['wechat', 'wechat', 'wecom', 'all'] as const
/** How many of the employees have created tasks. */
const CREATORS = 40
/** Enough of them that none asks more than one person may (RATES.search). */
export const ADMINISTRATORS = 200
const AT_ONCE = 1000

/** The file of a database with so many tasks, made once and kept. */
export async function manyTasks(folder: string, { tasks, executors }: Size): Promise<string> {
  const file = join(folder, `tasks-${tasks}-of-${executors}.db`)
  if (existsSync(file)) return file
  const unfinished = `${file}.part`
  for (const end of ['', '-wal', '-shm']) await rm(unfinished + end, { force: true })
  const db = await openDatabase(`sqlite:${unfinished}`)
  try {
    // As an older program left it. The migrations since then bring it up to date, and with it whatever they store.
    await migrate(db, { '0001-first-tables': firstTables })
    await insertPeople(db, Math.max(executors, ADMINISTRATORS))
    for (let first = 0; first < tasks; first += AT_ONCE) {
      await db.transaction().execute((trx) => insertTasks(trx, first, Math.min(tasks, first + AT_ONCE), executors))
    }
    await migrate(db)
    await sql`analyze`.execute(db)
    await sql`pragma wal_checkpoint(truncate)`.execute(db)
  } finally {
    await db.destroy()
  }
  await rename(unfinished, file)
  return file
}

export const useridOf = (number: number) => `user${String(number).padStart(3, '0')}`

export function personOf(number: number, name: string) {
  const kept = { position: '', mainDepartmentId: null, active: 1 as const, leftAt: null, updatedAt: START }
  return { ...kept, userid: useridOf(number), name, searchName: foldForSearch(name), ...readName(name) }
}

async function insertPeople(db: Db, count: number) {
  const rows = Array.from({ length: count }, (_, number) => personOf(number, personName(number)))
  await db.insertInto('employees').values(rows).execute()
}

async function insertTasks(trx: Db, first: number, end: number, executors: number) {
  const numbers = Array.from({ length: end - first }, (_, at) => first + at)
  const made = numbers.map((number) => makeTask(number, START + number * 10 * MINUTE))
  const insert = async (table: 'tasks' | 'pushes', rows: object[]) => {
    for (const some of chunks(rows))
      await trx
        .insertInto(table)
        .values(some as never)
        .execute()
  }
  await insert(
    'tasks',
    made.map(({ task }) => task),
  )
  await insert(
    'pushes',
    made.flatMap(({ pushes }) => pushes),
  )
  const [from, to] = [made[0]!.task.id, made.at(-1)!.task.id]
  // Within the database: a row for each of a task's people, three in four of whom have executed.
  await sql`
    insert into task_executors (task_id, userid, position)
    select tasks.id, employees.userid, employees.rowid - 1 from tasks cross join employees
    where tasks.id between ${from} and ${to} and employees.userid < ${useridOf(executors)}`.execute(trx)
  await sql`
    insert into executions (push_id, userid, task_id, executed_at, card_state, reminders, created_at)
    select pushes.id, task_executors.userid, pushes.task_id,
      case when (task_executors.position + pushes.issued_at / ${MINUTE}) % 4 = 0 then null else pushes.issued_at end,
      'delivered', 0, pushes.issued_at
    from pushes cross join task_executors on task_executors.task_id = pushes.task_id
    where pushes.task_id between ${from} and ${to} and pushes.state = 'issued'`.execute(trx)
}

export function makeTask(number: number, at: number) {
  const roll = dice(number)
  const id = `task${String(number).padStart(8, '0')}`
  const name = taskName(roll)
  const task = {
    ...{ id, name, searchName: foldForSearch(name), sendScope: one(roll, SCOPES), hint: '请发表到微信朋友圈' },
    ...{ createdBy: useridOf(roll(CREATORS)), createdAt: at, updatedAt: at, deletedAt: null },
  }
  const pushes = Array.from({ length: 1 + roll(3) }, (_, position) => {
    const state = one(roll, STATES)
    return {
      ...{
        id: `${id}-${position}`,
        taskId: id,
        position,
        name: '第一条',
        text: '新品到店',
        late: 0,
        reminderRounds: 0,
        ...{ linkUrl: null, linkTitle: null, linkDescription: null, linkCoverId: null },
      },
      ...{ state, scheduledAt: state === 'scheduled' ? SOME_DAY : at, issuedAt: state === 'issued' ? at : null },
    }
  })
  return { task, pushes }
}
