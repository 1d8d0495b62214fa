import { buffer } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { startOfMinute } from '@qimeng/contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import * as XLSX from 'xlsx'
import { chunks } from '../db/chunks.ts'
import type { JobContext } from '../jobs/jobs.ts'
import { aPush, aTask } from '../test/builders.ts'
import { type AdminCaller, startWorld, type World } from '../test/world.ts'
import { buildExport } from './build.ts'
import { exportBlobKey } from './exports.ts'
import { findExport, insertExport, noteProgress } from './store.ts'

const ROWS = 3500

let world: World
let admin: AdminCaller
let pushId: string

beforeEach(async () => {
  world = await startWorld()
  world.clock.hold()
  admin = await world.admin('zhangsan')
  const scheduledAt = startOfMinute(world.clock.now())
  const { id: taskId } = await admin('POST /api/console/tasks', { body: aTask({ pushes: [aPush({ scheduledAt })] }) })
  await world.parts.jobs.idle()
  pushId = (await admin('GET /api/console/tasks/:taskId', { params: { taskId } })).pushes[0]!.id
})
afterEach(() => world.stop())

/** An export that no job works on, so that the test decides when somebody does. */
const anExport = () => {
  const wanted = { requestedBy: 'zhangsan', pushId, filter: { state: 'pending' as const }, fileName: 'a.xlsx' }
  return insertExport(world.parts.db, wanted, world.clock.now())
}

const stateOf = (id: string) =>
  world.parts.db
    .selectFrom('exports')
    .select(['state', 'rowsDone', 'rowsTotal'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()

const aWorker = (change: Partial<JobContext> = {}): JobContext => ({
  attempt: 1,
  signal: new AbortController().signal,
  stillMine: () => Promise.resolve(true),
  ...change,
})

/** More people with this push than one page of rows holds. */
async function crowd() {
  const { db } = world.parts
  const someone = await db
    .selectFrom('employees')
    .selectAll()
    .where('userid', '=', 'zhangsan')
    .executeTakeFirstOrThrow()
  const execution = await db.selectFrom('executions').selectAll().where('pushId', '=', pushId).executeTakeFirstOrThrow()
  const userids = Array.from({ length: ROWS - 2 }, (_, index) => `crowd${index}`)
  await db.transaction().execute(async (trx) => {
    for (const some of chunks(userids)) {
      const employees = some.map((userid) => ({ ...someone, userid }))
      await trx.insertInto('employees').values(employees).execute()
      const executions = some.map((userid) => ({ ...execution, userid }))
      await trx.insertInto('executions').values(executions).execute()
    }
  })
}

it('says how far it is while it goes on, and ends with every row', async () => {
  await crowd()
  const exportId = await anExport()
  const seen = new Set<number>()
  let finished = false
  const watching = (async () => {
    while (!finished) {
      seen.add((await stateOf(exportId)).rowsDone)
      await setImmediate()
    }
  })()
  await buildExport(world.parts, exportId, aWorker()).finally(() => (finished = true))
  await watching
  // Page by page: the server serves others meanwhile, and the bar of the message centre moves.
  expect(Array.from(seen)).toEqual(expect.arrayContaining([1000, 2000, 3000, ROWS]))
  expect(await stateOf(exportId)).toEqual({ state: 'done', rowsDone: ROWS, rowsTotal: ROWS })
})

it('comes as several workbooks in one archive when the list is longer than one of them', async () => {
  await crowd()
  const exportId = await anExport()
  await buildExport(world.parts, exportId, aWorker(), { mostRows: 1500 })
  const { fileName } = (await findExport(world.parts.db, exportId))!
  expect(fileName).toBe('a.zip')
  const archive = await buffer((await world.parts.blobs.get(exportBlobKey(exportId)))!.stream)
  const parts = XLSX.CFB.read(archive, { type: 'buffer' })
  const rows = ['a-1.xlsx', 'a-2.xlsx', 'a-3.xlsx'].map((name) => {
    const { content } = XLSX.CFB.find(parts, `/${name}`)!
    return XLSX.utils.sheet_to_json<{ 账号: string }>(XLSX.read(content).Sheets['执行明细']!)
  })
  expect(rows.map(({ length }) => length)).toEqual([1500, 1500, 500])
  expect(new Set(rows.flat().map((row) => row.账号)).size).toBe(ROWS)
})

it('is not finished by a worker that has lost it to another', async () => {
  const exportId = await anExport()
  await buildExport(world.parts, exportId, aWorker({ stillMine: () => Promise.resolve(false) }))
  expect(await stateOf(exportId)).toMatchObject({ state: 'running' })
  await buildExport(world.parts, exportId, aWorker())
  expect(await stateOf(exportId)).toMatchObject({ state: 'done' })
})

it('stays finished, whatever a worker that lost it still counts', async () => {
  const exportId = await anExport()
  await buildExport(world.parts, exportId, aWorker())
  await noteProgress(world.parts.db, exportId, { rowsDone: 1, rowsTotal: 9 })
  expect(await stateOf(exportId)).toEqual({ state: 'done', rowsDone: 2, rowsTotal: 2 })
})

it('leaves no half file behind when the server stops in the middle', async () => {
  const exportId = await anExport()
  const stopping = new AbortController()
  stopping.abort(new Error('stopping'))
  await expect(buildExport(world.parts, exportId, aWorker({ signal: stopping.signal }))).rejects.toThrow('stopping')
  expect(await world.parts.blobs.get(exportBlobKey(exportId))).toBeUndefined()
  expect(await stateOf(exportId)).toMatchObject({ state: 'queued' })
})
