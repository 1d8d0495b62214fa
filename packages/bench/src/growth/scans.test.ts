import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CompiledQuery, type KyselyPlugin, SqliteQueryCompiler } from 'kysely'
import { expect, it } from 'vitest'
import { openDatabase } from '../../../../apps/server/src/db/open.ts'
import { listExecutions } from '../../../../apps/server/src/delivery/executions.ts'
import { issuePush } from '../../../../apps/server/src/delivery/issue.ts'
import { sendBatch } from '../../../../apps/server/src/delivery/send.ts'
import { sweepDelivery } from '../../../../apps/server/src/delivery/sweep.ts'
import { listMine, viewMyPush } from '../../../../apps/server/src/mine/mine.ts'
import { deedChoices } from '../../../../apps/server/src/ops/deed-choices.ts'
import { listDeeds } from '../../../../apps/server/src/ops/deeds.ts'
import { sweepHouse } from '../../../../apps/server/src/ops/housekeeping.ts'
import { createTask } from '../../../../apps/server/src/tasks/tasks.ts'
import { listTasks } from '../../../../apps/server/src/tasks/list.ts'
import { viewTask } from '../../../../apps/server/src/tasks/view.ts'
import { startSlowWecom } from '../due/slow-wecom.ts'
import { aPush, aTask } from '../faults/helpers.ts'
import { ADMINISTRATOR, atDesk, employee } from './desk.ts'
import { createdAt, writePast } from './past.ts'

/** Tables that get longer with every push. Others are as long as the company is large, or forget what is old. */
const GROWING =
  /^SCAN (tasks|task_executors|task_grams|pushes|push_images|executions|batches|proofs|proof_images|images|audit_log|messages|message_reads)\b/

/** A page that is not the first (db/keyset.ts). */
const BEYOND = /[<>] \?\) or \(/

const TASKS = 300

const aJob = { attempt: 1, signal: new AbortController().signal, stillMine: () => Promise.resolve(true) }

/** Notes the statements that pass, and how many values each takes. */
function listener() {
  const heard = new Map<string, number>()
  const plugin: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      if (/^(Select|Insert|Update|Delete|Raw)/.test(node.kind)) {
        const { sql, parameters } = new SqliteQueryCompiler().compileQuery(node, queryId)
        heard.set(sql, parameters.length)
      }
      return node
    },
    transformResult: async ({ result }) => result,
  }
  return { heard, plugin }
}

it('no page, no card and no sweep reads through a table that grows with the past', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'qimeng-scans-'))
  const url = `sqlite:${join(folder, 'past.db')}`
  const past = await openDatabase(url)
  await writePast(past, 'sqlite', TASKS).finally(() => past.destroy())
  const wecom = await startSlowWecom(0)
  const desk = await atDesk(url, wecom.url)
  const { db } = desk.parts
  try {
    const { heard, plugin } = listener()
    const parts = { ...desk.parts, db: db.withPlugin(plugin) }
    const query = db.selectFrom('executions').select(['taskId', 'pushId', 'userid'])
    const { taskId, pushId, userid } = await query.executeTakeFirstOrThrow()

    for (const state of [undefined, 'running', 'finished'] as const) {
      const page = { sort: 'newest', limit: 20, ...(state ? { state } : {}) } as const
      const { next } = await listTasks(parts.db, page)
      if (next) await listTasks(parts.db, { ...page, cursor: next })
    }
    for (const keyword of ['春', '春节', '王伟']) await listTasks(parts.db, { sort: 'newest', limit: 20, keyword })
    await viewTask(parts, ADMINISTRATOR, taskId)
    for (const state of ['pending', 'done'] as const) {
      await listExecutions(parts.db, pushId, { state, limit: 20 })
      await listMine(parts, employee(userid), { state, limit: 20 })
    }
    await viewMyPush(parts, employee(userid), pushId)

    const actor = ADMINISTRATOR.userid
    for (const filter of [
      {},
      { actor },
      { action: 'task.create' },
      { actor, action: 'task.create', from: 1 },
    ] as const) {
      const { next } = await listDeeds(parts.db, { ...filter, limit: 20 })
      await listDeeds(parts.db, { ...filter, limit: 20, cursor: next! })
    }
    await deedChoices(parts.db)

    const now = Date.now()
    const plan = aTask({ executors: [userid], pushes: [aPush(now)] }, now)
    const made = await createTask(
      { ...parts, clock: { now: () => now } },
      ADMINISTRATOR,
      plan,
      async (_, reply) => reply,
    )
    const push = await db.selectFrom('pushes').select('id').where('taskId', '=', made.id).executeTakeFirstOrThrow()
    await issuePush(parts, push.id)
    const batch = await db.selectFrom('batches').select('id').where('pushId', '=', push.id).executeTakeFirstOrThrow()
    await sendBatch(parts, batch.id, aJob)
    await sweepDelivery(parts)
    await sweepHouse(parts)
    // The first few of the past have grown too old.
    const age = Date.now() - createdAt(20, TASKS)
    const keep = { tasks: age, proofs: age }
    await sweepHouse({ ...parts, config: { ...parts.config, keep } })

    expect(heard.size).toBeGreaterThan(50)
    const scans: string[] = []
    for (const [text, values] of heard) {
      const plan = CompiledQuery.raw(`explain query plan ${text}`, Array<null>(values).fill(null))
      const { rows } = (await db.executeQuery(plan)) as { rows: { detail: string }[] }
      // The first rows in the order of an index are as good as found, and a sum of all reads but an index.
      const allowed =
        (/ limit /.test(text) && !BEYOND.test(text)) || / count\(\*\) as "total" from "audit_log"$/.test(text)
      const found = rows.filter(({ detail }) => GROWING.test(detail) && !(/USING .*INDEX/.test(detail) && allowed))
      scans.push(...found.map(({ detail }) => `${detail}: ${text}`))
    }
    expect(scans).toEqual([])
  } finally {
    await desk.end()
    await wecom.close()
    await rm(folder, { recursive: true })
  }
})
