import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startOfMinute } from '@qimeng/contract'
import { pino } from 'pino'
import { createTestDatabase } from '../../test/database.ts'
import { type AdminCaller, type EmployeeCaller, startWorld, type World, type WorldOptions } from '../../test/world.ts'
import type { MoveOrder } from './move.ts'

const CLI = new URL('../../cli.ts', import.meta.url).pathname

/** A world on an SQLite file, and an empty PostgreSQL database that it may move to. */
export interface MovingWorld extends World {
  file: string
  postgresUrl: string
  /** What an operator has in his environment for the move. */
  order(change?: Partial<MoveOrder>): MoveOrder
  /** Starts the stopped or running server on this database. */
  startOn(databaseUrl: string): Promise<void>
  /** Runs a command of the terminal; `killAt` ends it with SIGKILL once it has printed so many lines. */
  cli(command: string, killAt?: number): Promise<{ code: number | null; lines: string[]; errors: string }>
}

export async function startMovingWorld(options: WorldOptions = {}): Promise<MovingWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'qimeng-move-'))
  const database = await createTestDatabase({ empty: true })
  const file = join(folder, 'moments.db')
  const world = await startWorld({ ...options, env: { ...options.env, DATABASE_URL: `sqlite:${file}` } })
  world.clock.set(startOfMinute(Date.now()))
  const { config } = world.parts
  const order: MovingWorld['order'] = (change = {}) => ({
    ...{ config: { ...config, databaseUrl: database.url }, file, clock: world.clock, print: () => {} },
    ...{ log: pino({ level: 'silent' }), ...change },
  })
  return Object.defineProperties({} as MovingWorld, {
    ...Object.getOwnPropertyDescriptors(world),
    ...Object.getOwnPropertyDescriptors({
      ...{ file, postgresUrl: database.url, order },
      startOn: (databaseUrl: string) => world.restart({ env: { DATABASE_URL: databaseUrl } }),
      cli: (command: string, killAt?: number) => runCli(world, [command, file], database.url, killAt),
      async stop() {
        await world.stop()
        await database.drop()
        await rm(folder, { recursive: true })
      },
    }),
  })
}

async function runCli({ parts: { config } }: World, args: string[], databaseUrl: string, killAt = Infinity) {
  const child: ChildProcess = spawn(process.execPath, [CLI, ...args], {
    env: {
      ...{ PATH: process.env.PATH, DATABASE_URL: databaseUrl, DATA_DIR: config.dataDir, PUBLIC_URL: config.publicUrl },
      ...{ WECOM_CORP_ID: config.wecom.corpId, WECOM_AGENT_ID: String(config.wecom.agentId), WECOM_SECRET: 'secret' },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  let errors = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => void (errors += text))
  createInterface({ input: child.stdout! }).on('line', (line) => {
    if (lines.push(line) >= killAt) child.kill('SIGKILL')
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, lines, errors }
}

/** What an administrator and an employee see of everything there is. */
export async function everythingShown(admin: AdminCaller, employee: EmployeeCaller) {
  const tasks = await admin('GET /api/console/tasks', { query: { limit: 50 } })
  const details = []
  for (const { id: taskId } of tasks.rows) {
    const params = { taskId }
    const task = await admin('GET /api/console/tasks/:taskId', { params })
    details.push(task, await admin('GET /api/console/tasks/:taskId/executors', { params, query: {} }))
    for (const { id: pushId } of task.pushes) {
      for (const state of ['pending', 'done'] as const) {
        const query = { state }
        const page = await admin('GET /api/console/pushes/:pushId/executions', { params: { pushId }, query })
        details.push(page)
        for (const { userid } of page.rows) {
          const whose = { pushId, userid }
          details.push(await admin('GET /api/console/pushes/:pushId/proofs/:userid', { params: whose }))
        }
      }
      details.push(await admin('GET /api/console/pushes/:pushId/timeline', { params: { pushId } }))
    }
  }
  const mine = []
  for (const state of ['pending', 'done'] as const) {
    const page = await employee('GET /api/me/executions', { query: { state } })
    mine.push(page)
    for (const { pushId } of page.rows) mine.push(await employee('GET /api/me/pushes/:pushId', { params: { pushId } }))
  }
  return {
    tasks,
    details,
    mine,
    found: await admin('GET /api/console/tasks', { query: { keyword: '机密', limit: 50 } }),
    people: await admin('GET /api/console/people', { query: { limit: 200 } }),
    departments: await admin('GET /api/console/departments'),
    admins: await admin('GET /api/console/admins'),
    messages: await admin('GET /api/console/messages', { query: { limit: 50 } }),
  }
}
