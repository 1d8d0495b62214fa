import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCaller, type Caller, type ConsoleApi, type everyEndpoint, type MeApi } from '@qimeng/contract'
import { startSimulator } from '@qimeng/simulator'
import { pino } from 'pino'
import { readConfig } from '../config.ts'
import type { LANES } from '../jobs/kinds.ts'
import type { Parts } from '../parts.ts'
import { startServer } from '../start.ts'
import { type Browser, openBrowser } from './browser.ts'
import { blobEnvironment } from './blobs.ts'
import { createTestDatabase, ENGINE } from './database.ts'
import { testClock, type TestClock } from './clock.ts'
import { freePort } from './free-port.ts'
import { logIn } from './login.ts'
import { simulatedWecom, type SimulatedWecom } from './wecom.ts'

export type AdminCaller = Caller<ConsoleApi> & { browser: Browser }
export type EmployeeCaller = Caller<MeApi> & { browser: Browser }

export interface WorldOptions {
  /** Size of the simulated corp. */
  people?: number
  /** ADMIN_USERIDS */
  admins?: string[]
  /** More of the environment, as an operator would set it. */
  env?: Record<string, string>
  reached?: Parts['reached']
  /** How many jobs of a kind run side by side, where a test is about their order. */
  lanes?: Partial<typeof LANES>
}

/** The real app over a fresh data folder, with a WeCom of its own. Started in a test file's `beforeAll` or `beforeEach`. */
export interface World {
  /** Of the server that runs now: a restart makes new ones. */
  readonly parts: Parts
  readonly publicUrl: string
  readonly clock: TestClock
  readonly wecom: SimulatedWecom
  /** Logs in at the console by WeCom's QR code. */
  admin(userid: string): Promise<AdminCaller>
  /** Logs in on the phone by WeCom's silent OAuth. */
  employee(userid: string): Promise<EmployeeCaller>
  /** Somebody without a session. */
  readonly anonymous: Caller<typeof everyEndpoint>
  /** A browser of a stranger, or for going through a login step by step. */
  browser(): Browser
  /** This test makes the server log errors; otherwise they make it fail. */
  expectErrors(): void
  /** Stops the server as SIGTERM does and starts it again on the same data. */
  restart(change?: Pick<WorldOptions, 'env' | 'reached'>): Promise<void>
  /** Stops the server alone, as SIGTERM does; `restart` starts it again. */
  stopServer(): Promise<void>
  stop(): Promise<void>
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'qimeng-world-'))
  // On SQLite the file lies in the data folder, as an operator has it who sets nothing.
  const database = ENGINE === 'postgres' ? await createTestDatabase() : undefined
  const port = await freePort()
  const publicUrl = `http://localhost:${port}`
  const clock = testClock()
  const simulator = await startSimulator({ port: 0, appUrl: publicUrl, people: options.people ?? 60, clock })
  const wecom = simulatedWecom(simulator, publicUrl)
  const errors = errorLog()
  const env = {
    PORT: String(port),
    PUBLIC_URL: publicUrl,
    DATA_DIR: folder,
    ...(database ? { DATABASE_URL: database.url } : {}),
    ...blobEnvironment(),
    ADMIN_USERIDS: (options.admins ?? ['zhangsan']).join(','),
    WECOM_CORP_ID: simulator.corp.corpId,
    WECOM_AGENT_ID: String(simulator.corp.agentId),
    WECOM_SECRET: simulator.corp.secret,
    WECOM_API_URL: simulator.url,
    WECOM_OAUTH_URL: simulator.url,
    WECOM_LOGIN_URL: simulator.url,
  }
  const start = async ({ env: change, reached }: Pick<WorldOptions, 'env' | 'reached'> = options) => {
    const server = await startServer(readConfig({ ...env, ...change }), {
      clock,
      log: errors.log,
      ...(reached ? { reached } : {}),
      ...(options.lanes ? { jobs: { lanes: options.lanes } } : {}),
    })
    // The directory is there before the first test line.
    await server.parts.jobs.idle()
    return server
  }

  let server = await start()
  const logInAs = async (audience: 'admin' | 'me', userid: string) => {
    const browser = openBrowser(publicUrl)
    const page = await logIn(browser, wecom, audience, userid)
    if (/^\/(admin\/login|m\/refused)/.test(page)) throw new Error(`${userid} was not let in: ${page}`)
    return browser
  }
  return {
    get parts() {
      return server.parts
    },
    publicUrl,
    clock,
    wecom,
    async admin(userid) {
      const browser = await logInAs('admin', userid)
      return Object.assign(createCaller<ConsoleApi>(browser.http), { browser })
    },
    async employee(userid) {
      const browser = await logInAs('me', userid)
      return Object.assign(createCaller<MeApi>(browser.http), { browser })
    },
    anonymous: createCaller<typeof everyEndpoint>(openBrowser(publicUrl).http),
    browser: () => openBrowser(publicUrl),
    expectErrors: () => errors.expect(),
    async restart(change) {
      await server.stop()
      server = await start(change)
    },
    stopServer: () => server.stop(),
    async stop() {
      await server.stop()
      await simulator.close()
      await database?.drop()
      await rm(folder, { recursive: true, force: true })
      errors.check()
    },
  }
}

/** Keeps what the server logs as an error, so that nothing goes wrong behind a test's back. */
function errorLog() {
  const lines: string[] = []
  let expected = false
  return {
    log: pino({ level: 'error' }, { write: (line) => void lines.push(line) }),
    expect: () => void (expected = true),
    check() {
      if (!expected && lines.length > 0) throw new Error(`the server logged errors:\n${lines.join('')}`)
    },
  }
}
