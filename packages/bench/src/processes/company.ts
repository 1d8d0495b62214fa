import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Caller, type ConsoleApi, createCaller, type MeApi } from '@qimeng/contract'
import { startSimulator } from '@qimeng/simulator'
import type { AxiosInstance } from 'axios'
import { createDatabase, startPostgres } from '../../../../apps/server/src/test/postgres.ts'
import { logIn, visitPhone } from '../../../../scripts/seed/visitor.ts'
import { lastLines, until } from '../faults/helpers.ts'
import { controlWecom, type Wecom } from '../faults/wecom.ts'
import { layWire, type Wire } from '../faults/wire.ts'
import { type Process, startProcess } from './process.ts'
import { type Proxy, startProxy } from './proxy.ts'

/** Longer than the proxy needs to see that a server is about to leave. */
const DRAIN_SECONDS = 2

export interface Worker extends Process {
  /** Between it and WeCom. */
  wire: Wire
}

/** An administrator's browser, and what it asks for. */
export type Console = Caller<ConsoleApi> & { browser: AxiosInstance }

/** A company with several processes on one PostgreSQL, one folder of pictures, behind one address. */
export interface Company {
  readonly wecom: Wecom
  readonly proxy: Proxy
  readonly webs: Process[]
  readonly workers: Worker[]
  console(userid: string): Promise<Console>
  phone(userid: string): Promise<Caller<MeApi>>
  startWeb(): Promise<Process>
  /** Tells one to stop, as systemd does, and starts another one when it is gone. */
  restartWeb(web: Process): Promise<void>
  /** As a crash or the kernel ends one. */
  kill(process: Process): Promise<void>
}

/** How many processes of each role. */
export interface Size {
  webs: number
  workers: number
}

/** All processes start at the same moment, on a database without a table. */
export async function withCompany<T>(size: Size, work: (company: Company) => Promise<T>) {
  const folder = await mkdtemp(join(tmpdir(), 'qimeng-processes-'))
  const log = join(folder, 'servers.log')
  const cluster = await startPostgres()
  const proxy = await startProxy()
  const simulator = await startSimulator({ port: 0, appUrl: proxy.url, people: 60 })
  const env = {
    PORT: '0',
    PUBLIC_URL: proxy.url,
    DATA_DIR: folder,
    DATABASE_URL: await createDatabase(cluster.adminUrl, 'moments'),
    DRAIN_SECONDS: String(DRAIN_SECONDS),
    ADMIN_USERIDS: 'zhangsan',
    WECOM_CORP_ID: simulator.corp.corpId,
    WECOM_AGENT_ID: String(simulator.corp.agentId),
    WECOM_SECRET: simulator.corp.secret,
    WECOM_API_URL: simulator.url,
    WECOM_OAUTH_URL: simulator.url,
    WECOM_LOGIN_URL: simulator.url,
  }
  const webs: Process[] = []
  const workers: Worker[] = []
  const startWeb = async () => {
    const web = await startProcess({ ...env, ROLE: 'web' }, log)
    webs.push(web)
    proxy.add(web.url)
    return web
  }
  const startWorker = async () => {
    const wire = await layWire(simulator.url)
    workers.push({ ...(await startProcess({ ...env, ROLE: 'worker', WECOM_API_URL: wire.url }, log)), wire })
  }
  const allReady = () => until('every web process is ready', async () => proxy.ready === webs.length)
  const at = { serverUrl: proxy.url, simulatorUrl: simulator.url }

  try {
    await Promise.all([
      ...Array.from({ length: size.webs }, startWeb),
      ...Array.from({ length: size.workers }, startWorker),
    ])
    await allReady()
    return await work({
      ...{ wecom: controlWecom(simulator.url), proxy, webs, workers, startWeb },
      async console(userid) {
        const browser = await logIn(at, '/auth/console', userid)
        return Object.assign(createCaller<ConsoleApi>(browser), { browser })
      },
      phone: (userid) => visitPhone(at, userid),
      async restartWeb(web) {
        web.signal('SIGTERM')
        const code = await web.gone
        if (code !== 0) throw new Error(`a web process that was told to stop ended with ${code}`)
        proxy.remove(web.url)
        webs.splice(webs.indexOf(web), 1)
        await startWeb()
        await allReady()
      },
      async kill(process) {
        process.signal('SIGKILL')
        await process.gone
        if (webs.includes(process)) webs.splice(webs.indexOf(process), 1)
        proxy.remove(process.url)
      },
    })
  } catch (error) {
    throw new Error(`${(error as Error).message} (the servers' log: ${await lastLines(log)})`, { cause: error })
  } finally {
    for (const process of [...webs, ...workers]) process.signal('SIGKILL')
    await Promise.all([...webs, ...workers].map(({ gone }) => gone))
    await Promise.all(workers.map(({ wire }) => wire.close()))
    await proxy.close()
    await simulator.close()
    await cluster.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
