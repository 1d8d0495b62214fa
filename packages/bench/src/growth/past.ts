import { sql } from 'kysely'
import { migrate } from '../../../../apps/server/src/db/migrate.ts'
import { insertRaw, type RawRow } from '../../../../apps/server/src/db/table-rows.ts'
import type { TableName } from '../../../../apps/server/src/db/tables.ts'
import { ADMINISTRATORS, type Db, makeTask, personOf, useridOf } from '../tasks/data.ts'
import { personName } from '../tasks/names.ts'

export type Engine = 'sqlite' | 'postgres'

/** People per task. */
const EXECUTORS = 3
/** Pushes of the past that each employee was to execute: what grows is the company's past, not one person's. */
const PER_PERSON = 100
const MINUTE = 60_000
const END = Date.UTC(2026, 0, 1)
/** Tasks of one transaction. */
const AT_ONCE = 2_000
/** One push in so many has a proof, with one picture. */
const PROOF_EVERY = 10

export const peopleOf = (tasks: number) => Math.max(ADMINISTRATORS, Math.ceil((tasks * EXECUTORS) / PER_PERSON))
const executorsOf = (task: number, people: number) =>
  Array.from({ length: EXECUTORS }, (_, at) => useridOf((task * EXECUTORS + at) % people))

/** When this one of so many tasks was created: ten minutes apart, the last ones the same in every past. */
export const createdAt = (task: number, tasks: number) => END - (tasks - task) * 10 * MINUTE

/**
 * Writes years of work into an empty database: tasks, pushes, executions, the ledger, the audit log, some proofs and
 * messages. In large pieces and without asking the product, or a million tasks would take a day.
 */
export async function writePast(db: Db, engine: Engine, tasks: number): Promise<void> {
  await migrate(db)
  const insert = (trx: Db, table: TableName, rows: RawRow[]) =>
    engine === 'postgres' ? insertRaw(trx, table, rows) : insertIntoSqlite(trx, table, rows)
  const people = peopleOf(tasks)
  await insertPeople(db, people)
  for (let first = 0; first < tasks; first += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, tasks - first) }, (_, at) => first + at)
    const rows = rowsOf(numbers, tasks, people)
    await db.transaction().execute(async (trx) => {
      for (const [table, some] of Object.entries(rows)) {
        if (some.length > 0) await insert(trx, table as TableName, some)
      }
    })
  }
  await writeIndexOfNames(db)
  await sql`analyze`.execute(db)
}

async function insertIntoSqlite(trx: Db, table: TableName, rows: RawRow[]) {
  const columns = Object.keys(rows[0]!)
  await sql`
    insert into ${sql.table(snake(table))} (${sql.join(columns.map((column) => sql.ref(column)))})
    select ${sql.join(columns.map((column) => sql`value ->> ${sql.lit(column)}`))}
    from json_each(${JSON.stringify(rows)})`.execute(trx.withoutPlugins())
}

const known = new Map<string, string>()
function snake(name: string): string {
  const kept = known.get(name)
  if (kept !== undefined) return kept
  known.set(
    name,
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  )
  return known.get(name)!
}
function snakeKeys(row: object): RawRow {
  const raw: RawRow = {}
  for (const key in row) raw[snake(key)] = row[key as never]
  return raw
}

async function insertPeople(db: Db, count: number) {
  const rows = Array.from({ length: count }, (_, number) => {
    // Only those who create tasks are searched for by the names of people.
    return personOf(number, number < ADMINISTRATORS ? personName(number) : `员工${number}`)
  })
  for (let first = 0; first < count; first += AT_ONCE) {
    await db
      .insertInto('employees')
      .values(rows.slice(first, first + AT_ONCE))
      .execute()
  }
  const sync = { reason: 'scheduled', startedAt: END, finishedAt: END, people: count, departments: 0, error: null }
  await db
    .insertInto('directorySyncs')
    .values({ id: 'past', ...sync })
    .execute()
}

function rowsOf(numbers: number[], tasks: number, people: number) {
  const made = numbers.map((number) => ({
    ...makeTask(number, createdAt(number, tasks)),
    executors: executorsOf(number, people),
  }))
  const issued = made.flatMap(({ pushes, executors }) =>
    pushes.filter(({ state }) => state === 'issued').map((push) => ({ ...push, executors, at: push.issuedAt! })),
  )
  const proven = issued.filter((_, at) => at % PROOF_EVERY === 0)
  const log = { actor: useridOf(0), action: 'task.create', detail: '{}' }
  const image = { sha256: '', type: 'image/jpeg', bytes: 150_000, width: 1170, height: 2532 }
  return {
    tasks: made.map(({ task, pushes }) => snakeKeys({ ...task, state: stateOf(pushes.map(({ state }) => state)) })),
    taskExecutors: made.flatMap(({ task, executors }) =>
      executors.map((userid, position) => ({ task_id: task.id, userid, position })),
    ),
    pushes: made.flatMap(({ pushes }) => pushes.map(snakeKeys)),
    executions: issued.flatMap(({ id, taskId, executors, at }) =>
      executors.map((userid, position) =>
        snakeKeys({
          ...{ pushId: id, userid, taskId, executedAt: (at / MINUTE + position) % 4 === 0 ? null : at },
          ...{ cardState: 'delivered', cardReason: null, reminders: 0, lastRemindedAt: null, createdAt: at },
        }),
      ),
    ),
    batches: issued.map(({ id, executors, at }) => snakeKeys(batchOf(id, executors, at))),
    images: proven.map(({ id, executors, at }) =>
      snakeKeys({
        ...{ id: `image-${id}`, ...image, ownerUserid: executors[0]!, ownerAudience: 'me', purpose: 'proof' },
        ...{ createdAt: at, attachedAt: at },
      }),
    ),
    proofs: proven.map(({ id, executors, at }) =>
      snakeKeys({ id: `proof-${id}`, pushId: id, userid: executors[0]!, version: 1, submittedAt: at }),
    ),
    proofImages: proven.map(({ id }) => snakeKeys({ proofId: `proof-${id}`, position: 0, imageId: `image-${id}` })),
    auditLog: made.map(({ task }) => ({ id: `log-${task.id}`, at: task.createdAt, subject: task.id, ...log })),
    messages: proven.map(({ id, taskId, at }) =>
      snakeKeys({
        ...{ id: `message-${id}`, userid: null, kind: 'push_missed', title: '推送已错过', body: '', taskId },
        ...{ pushId: id, exportId: null, createdAt: at },
      }),
    ),
  } satisfies Partial<Record<TableName, RawRow[]>>
}

/** As `taskState` says it (apps/server/src/tasks/state.ts). */
function stateOf(states: string[]) {
  if (!states.includes('scheduled')) return 'finished'
  return states.includes('issued') ? 'running' : 'not_started'
}

const batchOf = (pushId: string, executors: string[], at: number) => ({
  ...{
    id: `batch-${pushId}`,
    pushId,
    kind: 'card',
    round: 0,
    part: 0,
    body: BODY,
    recipients: JSON.stringify(executors),
  },
  ...{ people: executors.length, state: 'sent', attempts: 1, attemptedAt: at, fence: null, firstAmbiguousAt: null },
  ...{ msgid: `msg-${pushId}`, errcode: 0, error: null, refused: null, dueAt: at, requestedBy: null, createdAt: at },
  ...{ sentAt: at, recalledAt: null, recallErrcode: null },
})

/** About as long as the call for a card. */
const BODY = JSON.stringify({ touser: 'user000|user001|user002', msgtype: 'textcard', textcard: '企'.repeat(150) })

/** What the product stores for its list and search (apps/server/src/tasks/catalogue.ts), in the order of its index. */
async function writeIndexOfNames(db: Db) {
  await sql`
    with numbers(n) as (values ${sql.join(Array.from({ length: 30 }, (_, n) => sql`(${sql.lit(n + 1)})`))}),
      sizes(size) as (values (1), (2))
    insert into task_grams (gram, created_at, task_id)
    select substr(search_name, n, size), created_at, id from tasks cross join numbers cross join sizes
    where deleted_at is null and n + size - 1 <= length(search_name)
    order by 1, 2, 3
    on conflict do nothing`.execute(db)
  await sql`insert into task_gram_counts (gram, tasks) select gram, count(*) from task_grams group by gram`.execute(db)
  await sql`
    insert into task_counts (created_by, state, send_scope, tasks)
    select created_by, state, send_scope, count(*) from tasks where deleted_at is null
    group by created_by, state, send_scope`.execute(db)
}
