import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Line, root, runScript, startService } from './service.ts'
import { controlWecom } from './wecom.ts'

const SERVER = 'apps/server/src/main.ts'
const SIMULATOR = 'packages/simulator/src/main.ts'
const SEED = 'scripts/seed.ts'
/** From here on a line of pino's is an error. */
const ERROR_LEVEL = 50

/** The real server over a fresh data folder and a simulated WeCom, each a process of its own. */
export interface Stack {
  readonly publicUrl: string
  readonly simulatorUrl: string
  /** The server's DATA_DIR. */
  readonly dataFolder: string
  /** Ends the server as a power cut would: SIGKILL. */
  kill(): Promise<void>
  /** Starts the server again on the same data. */
  start(): Promise<void>
  /** What the server logged as errors since this was last asked. */
  takeErrors(): string[]
  stop(): Promise<void>
}

export interface StackOptions {
  /** With the demo's past: a week of tasks, cards and proofs. */
  seeded: boolean
  /** How many people work at the company; 0 for the demo's own. */
  people: number
}

export async function startStack({ seeded, people }: StackOptions): Promise<Stack> {
  requireFronts()
  const folder = await mkdtemp(join(tmpdir(), 'qimeng-e2e-'))
  const port = await freePort()
  const publicUrl = `http://localhost:${port}`
  const errors: string[] = []

  const simulator = await startService(SIMULATOR, {
    env: { SIMULATOR_PORT: '0', SIMULATOR_DATA: join(folder, 'simulator.db'), APP_URL: publicUrl },
    isReady: (line) => line.ready === true,
    onNoise: (text) => errors.push(`simulator: ${text}`),
  })
  const { url: simulatorUrl, corp } = simulator.ready as {
    url: string
    corp: { corpId: string; agentId: number; secret: string }
  }
  if (people > 0) await controlWecom(simulatorUrl).found(people)
  const env = {
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: publicUrl,
    DATA_DIR: folder,
    ADMIN_USERIDS: 'zhangsan,linjianguo',
    WECOM_CORP_ID: corp.corpId,
    WECOM_AGENT_ID: String(corp.agentId),
    WECOM_SECRET: corp.secret,
    WECOM_API_URL: simulatorUrl,
    WECOM_OAUTH_URL: simulatorUrl,
    WECOM_LOGIN_URL: simulatorUrl,
  }
  const startServer = () =>
    startService(SERVER, {
      env,
      isReady: (line) => line.msg === 'listening',
      onLine: (line: Line) => {
        if (Number(line.level) >= ERROR_LEVEL) errors.push(`server: ${JSON.stringify(line)}`)
      },
      onNoise: (text) => errors.push(`server: ${text}`),
    })
  const begin = async () => {
    if (seeded) await runScript(SEED, env)
    return startServer()
  }
  let server = await begin().catch(async (error: unknown) => {
    await simulator.end('SIGKILL')
    throw error
  })

  return {
    publicUrl,
    simulatorUrl,
    dataFolder: folder,
    kill: () => server.end('SIGKILL'),
    async start() {
      server = await startServer()
    },
    takeErrors: () => errors.splice(0),
    async stop() {
      await server.end('SIGTERM')
      await simulator.end('SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function requireFronts() {
  for (const front of ['admin', 'mobile']) {
    if (!existsSync(join(root, 'apps', front, 'dist/index.html')))
      throw new Error(`apps/${front} is not built: run "pnpm build" first, or "npm test -- e2e", which does.`)
  }
}

/** The simulator must know the server's address before the server listens, so the port is chosen first. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
