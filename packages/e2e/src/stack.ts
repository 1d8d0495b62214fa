import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freeAddresses, openCompany } from './company.ts'
import { copyPast } from './past.ts'
import { type Line, root, startService } from './service.ts'
import { controlWecom } from './wecom.ts'

const SERVER = 'apps/server/src/main.ts'
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
  const addresses = seeded ? await copyPast(folder) : await freeAddresses()
  const { publicUrl, simulatorUrl } = addresses
  const errors: string[] = []

  const { simulator, env } = await openCompany(folder, addresses, (text) => void errors.push(`simulator: ${text}`))
  if (people > 0) await controlWecom(simulatorUrl).found(people)
  const startServer = () =>
    startService(SERVER, {
      env,
      isReady: (line) => line.msg === 'listening',
      onLine: (line: Line) => {
        if (Number(line.level) >= ERROR_LEVEL) errors.push(`server: ${JSON.stringify(line)}`)
      },
      onNoise: (text) => errors.push(`server: ${text}`),
    })
  let server = await startServer().catch(async (error: unknown) => {
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
