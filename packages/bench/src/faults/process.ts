import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { KillPoint } from '@qimeng/server'

/** What the server of a scenario is told at its start. */
export interface Orders {
  /** It dies when it comes by here, the first time or the given one. */
  killAt?: KillPoint
  killAtPass?: number
  /** How far (ms) its clock is ahead of this machine's. */
  clockOffset?: number
  /** PostgreSQL's job engine, which goes by its own clock, is to go by this one. It does not look for dead workers then. */
  tellsPostgres?: boolean
  /** Cards that are sent side by side. */
  workers?: number
  leaseMs?: number
  callTimeoutMs?: number
  /** It tells when it comes by each point. */
  tells?: boolean
}

/** Where the server was, and when (ms, on its own stopwatch). */
export interface Passage {
  point: KillPoint
  at: number
}

export interface ServerProcess {
  readonly gone: Promise<unknown>
  readonly passages: readonly Passage[]
  setClock(offset: number): void
  signal(signal: NodeJS.Signals): void
}

const SERVER = fileURLToPath(new URL('./server.ts', import.meta.url))

/** Starts the server and resolves when it listens, or when it has died before, if it was told to. */
export async function startServerProcess(
  env: Record<string, string>,
  orders: Orders,
  logFile: string,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [SERVER], {
    env: { ...outsideEnvironment(), ...env, FAULT_ORDERS: JSON.stringify(orders) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const log = createWriteStream(logFile, { flags: 'a' })
  child.stdout!.pipe(log, { end: false })
  child.stderr!.pipe(log, { end: false })
  const gone = once(child, 'exit')
  const passages: Passage[] = []
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message: { ready: true } | Passage) =>
      'ready' in message ? resolve() : void passages.push(message),
    )
  })
  await Promise.race([ready, gone])
  if (child.exitCode !== null) throw new Error(`the server did not start, see ${logFile}`)
  return {
    gone,
    passages,
    setClock: (clockOffset) => void (child.connected && child.send({ clockOffset })),
    signal: (signal) => signalProcess(child, signal),
  }
}

/** Compiled once, since it is started hundreds of times. */
const COMPILED = fileURLToPath(new URL('../../../../node_modules/.cache/node', import.meta.url))

function outsideEnvironment(): Record<string, string | undefined> {
  const { PATH, HOME, NODE_COMPILE_CACHE = COMPILED } = process.env
  return { PATH, HOME, NODE_COMPILE_CACHE }
}

function signalProcess(child: ChildProcess, signal: NodeJS.Signals) {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal)
}
