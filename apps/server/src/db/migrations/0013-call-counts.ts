import { type Kysely, sql } from 'kysely'
import { isOnPostgres } from '../engine.ts'

/** As long (ms) as apps/server/src/delivery/call-counts.ts has them, and midnight in Shanghai. */
const SLOT = 10_000
const DAY = 86_400_000
const SHANGHAI_AHEAD = 28_800_000

const startOfSlot = (time: string) => `${time} - ${time} % ${SLOT}`
const startOfDay = (time: string) => `${time} - (${time} + ${SHANGHAI_AHEAD}) % ${DAY}`

const COUNT = `
  insert into call_counts (span, since, calls, people)
  values (${SLOT}, ${startOfSlot('new.attempted_at')}, 1, new.people),
    (${DAY}, ${startOfDay('new.attempted_at')}, 1, new.people)
  on conflict (span, since) do update
  set calls = call_counts.calls + 1, people = call_counts.people + excluded.people;`

/**
 * How many calls were begun in each ten seconds and on each day, counted by the database itself: also those that a process of
 * the release before begins on the new schema. And what the app's budget asks besides, so that it reads but what it needs.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('callCounts')
    .addColumn('span', 'integer', (c) => c.notNull())
    .addColumn('since', 'bigint', (c) => c.notNull())
    .addColumn('calls', 'integer', (c) => c.notNull())
    .addColumn('people', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('callCountsPk', ['span', 'since'])
    .execute()
  // First: from here on nobody else begins a call until this is committed, so that each is counted once.
  await (isOnPostgres(db) ? countOnPostgres(db) : countOnSqlite(db))
  await countBefore(db, SLOT, startOfSlot('attempted_at'))
  await countBefore(db, DAY, startOfDay('attempted_at'))

  await schema
    .createIndex('batchesTooFast')
    .on('batches')
    .column('attemptedAt')
    .where(sql<boolean>`state = 'ready' and errcode = 45009`)
    .execute()
  await schema
    .createIndex('directorySyncsFinished')
    .on('directorySyncs')
    .columns(['finishedAt', 'people'])
    .where(sql<boolean>`error is null`)
    .execute()
}

const countOnSqlite = (db: Kysely<unknown>) =>
  sql`create trigger batches_count_call after update of attempted_at on batches when new.attempted_at is not null
    begin ${sql.raw(COUNT)} end`.execute(db)

async function countOnPostgres(db: Kysely<unknown>) {
  await sql`create function count_call() returns trigger language plpgsql as
    ${sql.lit(`begin ${COUNT} return null; end`)}`.execute(db)
  await sql`create trigger batches_count_call after update of attempted_at on batches
    for each row when (new.attempted_at is not null) execute function count_call()`.execute(db)
}

/** Calls of before that a budget may still ask for: those of today, wherever midnight lies. */
async function countBefore(db: Kysely<unknown>, span: number, startOf: string) {
  await sql`
    insert into call_counts (span, since, calls, people)
    select ${sql.lit(span)}, ${sql.raw(startOf)}, count(*), sum(people) from batches
    where attempted_at > ${Date.now() - 2 * DAY} group by 1, 2`.execute(db)
}
