import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createCaller, type Caller, type ConsoleApi, MINUTE, SECOND, startOfMinute } from '@qimeng/contract'
import axios from 'axios'
import type { Figure } from '../figures.ts'
import type { Scale } from '../scale.ts'
import { aPush, aTask, freePort, lastLines, until } from '../faults/helpers.ts'
import { type ServerProcess, startServerProcess } from '../faults/process.ts'
import { foundCompany, useridOf } from './company.ts'
import { ANSWERS_AFTER, callSideBySide, type SlowWecom, startSlowWecom } from './slow-wecom.ts'

/** Longer than the tasks take to be made, on the server's clock. */
const AHEAD = 30 * MINUTE
/** Requests that are made side by side when tasks are created. */
const SIDE_BY_SIDE = 4

interface Due {
  /** ms from the minute to the first call and to the last. */
  first: number
  last: number
  /** p99 (ms) of the console's list before the minute and while cards go out. */
  idle: number
  meanwhile: number
}

interface Desk {
  admin: Caller<ConsoleApi>
  wecom: SlowWecom
  server: ServerProcess
}

/** A company of so many people, with the server in a process of its own. */
async function atTheDesk<T>(people: number, work: (desk: Desk) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'qimeng-due-'))
  const port = await freePort()
  const publicUrl = `http://localhost:${port}`
  const wecom = await startSlowWecom()
  let server: ServerProcess | undefined
  try {
    const cookie = await foundCompany(join(folder, 'moments.db'), people)
    const env = {
      ...{ PORT: String(port), PUBLIC_URL: publicUrl, DATA_DIR: folder, ADMIN_USERIDS: useridOf(0) },
      ...{ MAX_EXECUTORS: String(Math.max(people, 100)), WECOM_CORP_ID: 'bench', WECOM_AGENT_ID: '1' },
      ...{ WECOM_SECRET: 'bench', WECOM_API_URL: wecom.url },
    }
    server = await startServerProcess(env, { tells: true }, join(folder, 'server.log'))
    const http = axios.create({ baseURL: publicUrl, proxy: false, headers: { cookie }, maxBodyLength: Infinity })
    return await work({ admin: createCaller<ConsoleApi>(http), wecom, server })
  } catch (error) {
    throw new Error(`${String(error)}\n${await lastLines(join(folder, 'server.log'))}`, { cause: error })
  } finally {
    server?.signal('SIGKILL')
    await server?.gone
    await wecom.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Creates these tasks for the same minute, lets it come, and watches the calls until the last card is out. */
async function letThemFallDue({ admin, wecom, server }: Desk, audiences: string[][], requests: number): Promise<Due> {
  const scheduledAt = startOfMinute(Date.now()) + AHEAD
  const pushes = [aPush(scheduledAt)]
  const waiting = [...audiences]
  const create = async () => {
    for (let executors = waiting.pop(); executors; executors = waiting.pop()) {
      await admin('POST /api/console/tasks', { body: aTask({ executors, pushes }, scheduledAt) })
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, create))
  const idle = await listP99(admin, requests, () => true)

  const lead = 2 * SECOND
  const minuteComes = Date.now() + lead
  server.setClock(scheduledAt - minuteComes)
  wecom.takeCalls()
  const calls: number[] = []
  const expected = audiences.reduce((sum, { length }) => sum + Math.ceil(length / 1000), 0)
  await delay(lead)
  const meanwhile = await listP99(admin, requests, () => {
    calls.push(...wecom.takeCalls())
    return calls.length >= expected
  })
  await until('the last card is out', async () => {
    calls.push(...wecom.takeCalls())
    return calls.length >= expected
  })
  return { first: calls[0]! - minuteComes, last: calls.at(-1)! - minuteComes, idle, meanwhile }
}

/** The pace (ms) of one administrator's requests, which stays below what the server lets one person ask (RATES.search). */
const PACE = 120

/** p99 of the console's list, asked at least so often, one request after the other, until it is over. */
async function listP99(admin: Caller<ConsoleApi>, requests: number, isOver: () => boolean): Promise<number> {
  const times: number[] = []
  const end = performance.now() + 2 * MINUTE
  while (times.length < requests || !(isOver() || performance.now() > end)) {
    const began = performance.now()
    await admin('GET /api/console/tasks', { query: {} })
    times.push(performance.now() - began)
    await delay(PACE)
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)]!
}

const ONE_CALL = 1_000
/** Calls that a large push makes side by side (LANES in apps/server/src/jobs/kinds.ts). */
const LANE = 8

/** P7 and P8: what is due in a minute goes out soon, and the console hardly feels it. */
export async function due({ due: { people, tasks, executors, requests } }: Scale): Promise<Figure[]> {
  const everybody = Array.from({ length: people }, (_, number) => useridOf(number))
  const groups = Array.from({ length: tasks }, (_, task) =>
    Array.from({ length: executors }, (__, at) => useridOf((task * executors + at) % people)),
  )
  const large = await atTheDesk(people, async (desk) => {
    const { first, last } = await letThemFallDue(desk, [everybody], requests)
    const [before, after] = ['before-freeze', 'after-freeze'].map(
      (point) => desk.server.passages.find((passage) => passage.point === point)!.at,
    )
    const bare = await callSideBySide(desk.wecom, Math.ceil(people / ONE_CALL), LANE)
    return { freeze: after! - before!, calls: last - first + ANSWERS_AFTER, bare }
  })
  const many = await atTheDesk(people, (desk) => letThemFallDue(desk, groups, requests))
  const atMost = (bar: number) => ({ bar: { atMost: bar } })
  const crowd = `${tasks} tasks x ${executors}`
  return [
    {
      ...{ what: `freezing ${people} people`, ours: people / (large.freeze / SECOND), bare: 100_000, unit: 'rows/s' },
      bar: { atLeast: 1 },
    },
    { what: `${people} people, all calls`, ours: large.calls, bare: large.bare, unit: 'ms', ...atMost(1.5) },
    { what: `${crowd}, minute to first call`, ours: many.first, bare: SECOND, unit: 'ms', ...atMost(1) },
    { what: `${crowd}, minute to last call`, ours: many.last, bare: MINUTE, unit: 'ms', ...atMost(1) },
    { what: `${crowd}, p99 of the list meanwhile`, ours: many.meanwhile, bare: many.idle, unit: 'ms', ...atMost(3) },
  ]
}
