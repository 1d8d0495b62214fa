import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Caller, ConsoleApi, NewTask } from '@qimeng/contract'
import { startSimulator } from '@qimeng/simulator'
import { type Addresses, visitConsole } from '../../../../scripts/seed/visitor.ts'
import { queue } from '../../../../apps/server/src/queue.ts'
import { census, type Expected } from './census.ts'
import type { Databases } from './databases.ts'
import { aTask, everybody, freePort, inItsMinute, lastLines, persist, until, withTimeout } from './helpers.ts'
import { type Orders, type ServerProcess, startServerProcess } from './process.ts'
import { layWire, type Wire } from './wire.ts'
import { controlWecom, type Wecom } from './wecom.ts'

export const SEND = '/cgi-bin/message/send'

export interface RigOptions {
  people?: number
  env?: Record<string, string>
  orders?: Orders
}

/** A company with a WeCom of its own and a server in a process of its own, over a fresh folder. */
export interface Rig {
  readonly at: Addresses
  readonly wecom: Wecom
  readonly wire: Wire
  /** The console of an administrator. Its session outlives the server, but not a day of its time. */
  readonly admin: Caller<ConsoleApi>
  logInAgain(): Promise<void>
  /** Userids of everybody an administrator can choose. */
  readonly people: string[]
  /** Of the server. */
  now(): number
  setClock(offset: number): Promise<void>
  /** SIGKILL, if it still lives; resolves when it is gone. */
  kill(): Promise<void>
  /** Resolves when it has died by itself. */
  died(): Promise<void>
  signal(signal: NodeJS.Signals): void
  /** Another process of the same company, which works and does nothing else: on PostgreSQL alone. It ends with the rig. */
  startWorker?: (orders?: Orders, env?: Record<string, string>) => Promise<ServerProcess>
  /** Every row of the ledger: on PostgreSQL alone, since SQLite lets nobody else in. */
  ledger?: () => Promise<object[]>
  start(orders?: Orders, env?: Record<string, string>): Promise<void>
  /** Creates a task whose one push is due in the current minute. */
  launch(change?: Partial<NewTask>, idempotencyKey?: string): Promise<Launched>
  /** Counts the cards on the phones. */
  census(expected: Expected[]): Promise<{ lost: number; doubled: number }>
  /** Until every card of these is settled one way or the other. @returns ms @throws after a minute, or so many ms */
  settled(launched: Launched[], patience?: number): Promise<number>
}

export interface Launched {
  taskId: string
  pushId: string
  executors: string[]
}

export type WithRig = <T>(options: RigOptions, work: (rig: Rig) => Promise<T>) => Promise<T>

/** Companies side by side: they wait more than they work, but starting a server keeps one core busy. */
const AT_ONCE = 4

/** Gives each piece of work a company of its own, with its data in these databases, as soon as there is room for one. */
export function rigOn(databases: Databases, atOnce = AT_ONCE): WithRig {
  const whenThereIsRoom = queue(atOnce)
  return (options, work) => whenThereIsRoom(() => withRig(databases, options, work))
}

async function withRig<T>(databases: Databases, options: RigOptions, work: (rig: Rig) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'qimeng-faults-'))
  const log = join(folder, 'server.log')
  const port = await freePort()
  const publicUrl = `http://localhost:${port}`
  const simulator = await startSimulator({ port: 0, appUrl: publicUrl, people: options.people ?? 60 })
  const wire = await layWire(simulator.url)
  const wecom = controlWecom(simulator.url)
  const database = await databases.create()
  const env = {
    ...database.env,
    PORT: String(port),
    PUBLIC_URL: publicUrl,
    DATA_DIR: folder,
    ADMIN_USERIDS: 'zhangsan',
    MAX_EXECUTORS: '5000',
    WECOM_CORP_ID: simulator.corp.corpId,
    WECOM_AGENT_ID: String(simulator.corp.agentId),
    WECOM_SECRET: simulator.corp.secret,
    WECOM_API_URL: wire.url,
    WECOM_OAUTH_URL: simulator.url,
    WECOM_LOGIN_URL: simulator.url,
    ...options.env,
  }
  let server: ServerProcess | undefined
  const workers: ServerProcess[] = []
  let offset = 0
  const start = async (orders: Orders = {}, change: Record<string, string> = {}) => {
    const told = { ...options.orders, clockOffset: offset, ...orders }
    server = await startServerProcess({ ...env, ...change }, told, log)
  }
  const startWorker = async (orders: Orders = {}, change: Record<string, string> = {}) => {
    const told = { ...options.orders, clockOffset: offset, ...orders }
    const worker = await startServerProcess({ ...env, ROLE: 'worker', PORT: '0', ...change }, told, log)
    workers.push(worker)
    return worker
  }

  try {
    await start()
    const at = { serverUrl: publicUrl, simulatorUrl: simulator.url }
    const logIn = () => visitConsole(at, 'zhangsan')
    let admin = await logIn()
    const people = await until('the directory is there', async () => {
      const { lastFinishedAt, running } = await admin('GET /api/console/directory')
      return lastFinishedAt !== null && !running && everybody(admin)
    })
    const now = () => Date.now() + offset
    const create = (change: Partial<NewTask>, key?: string): Promise<Pick<Launched, 'taskId' | 'executors'>> => {
      let taskKey = key
      return inItsMinute(now, async (minute) => {
        const task = aTask(change, minute)
        const created = { body: task, ...(taskKey ? { idempotencyKey: taskKey } : {}) }
        // Another minute is another request.
        taskKey &&= randomUUID()
        const { id } = await persist(() => admin('POST /api/console/tasks', created))
        return { taskId: id, executors: task.executors }
      })
    }
    return await work({
      ...{ at, wecom, wire, people, start },
      ...(database.ledger && { startWorker, ledger: database.ledger }),
      get admin() {
        return admin
      },
      async logInAgain() {
        admin = await logIn()
      },
      now,
      async setClock(ms) {
        offset = ms
        for (const each of [server, ...workers]) each?.setClock(ms)
        await wecom.setClock(ms)
      },
      async kill() {
        server?.signal('SIGKILL')
        await server?.gone
      },
      async died() {
        await withTimeout(server!.gone, 'the server dies where it was told to')
      },
      signal: (signal) => server?.signal(signal),
      async launch(change = {}, idempotencyKey) {
        const { taskId, executors } = await create(change, idempotencyKey)
        const { pushes } = await persist(() => admin('GET /api/console/tasks/:taskId', { params: { taskId } }))
        return { taskId, pushId: pushes[0]!.id, executors }
      },
      census: async (expected) => census(await wecom.messages(), expected),
      async settled(launched, patience) {
        const began = performance.now()
        for (const { taskId } of launched) {
          const isSettled = async () => {
            const { pushes } = await persist(() => admin('GET /api/console/tasks/:taskId', { params: { taskId } }))
            return pushes.every(({ state, cards }) => state !== 'scheduled' && cards.sending === 0)
          }
          await until(`every card of ${taskId} is settled`, isSettled, patience)
        }
        return performance.now() - began
      },
    })
  } catch (error) {
    throw new Error(`${(error as Error).message} (the server's log: ${await lastLines(log)})`, { cause: error })
  } finally {
    for (const each of [server, ...workers]) {
      each?.signal('SIGCONT')
      each?.signal('SIGKILL')
      await each?.gone
    }
    await database.drop()
    await wire.close()
    await simulator.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
