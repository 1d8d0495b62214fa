import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A log line of the server or the ready line of the simulator: both write JSON, one object a line. */
export type Line = Record<string, unknown>

export interface ServiceOptions {
  env: Record<string, string>
  /** The line that says that it is there. */
  isReady: (line: Line) => boolean
  onLine?: (line: Line) => void
  /** What is no JSON: a stack trace or a warning of Node. */
  onNoise?: (text: string) => void
}

export interface Service {
  ready: Line
  /** Sends the signal and waits until the process is gone. */
  end(signal: NodeJS.Signals): Promise<void>
}

/** Starts a TypeScript file of this repository with the Node that runs the tests, and waits until it is ready. */
export async function startService(file: string, { env, isReady, onLine, onNoise }: ServiceOptions): Promise<Service> {
  const child = spawn(process.execPath, [file], {
    cwd: root,
    env: { ...outsideEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = once(child, 'exit')
  const said: string[] = []
  const ready = new Promise<Line>((resolve, reject) => {
    forEachLine(child, (text) => {
      said.push(text)
      const line = parse(text)
      if (!line) onNoise?.(text)
      else if (isReady(line)) resolve(line)
      else onLine?.(line)
    })
    void exit.then(([code, signal]) =>
      reject(new Error(`${file} ended (${String(signal ?? code)}) before it was ready:\n${said.join('\n')}`)),
    )
  })
  return {
    ready: await ready,
    async end(signal) {
      child.kill(signal)
      await exit
    },
  }
}

/** Runs a TypeScript file of this repository to its end. */
export async function runScript(file: string, env: Record<string, string>): Promise<void> {
  const child = spawn(process.execPath, [file], {
    cwd: root,
    env: { ...outsideEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  forEachLine(child, (text) => said.push(text))
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${file} failed:\n${said.join('\n')}`)
}

function forEachLine(child: ChildProcess, read: (text: string) => void) {
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream! }).on('line', read)
}

function parse(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line
  } catch {
    return undefined
  }
}

/** Nothing of an installation on this machine reaches the tests: no WECOM_*, no data folder, no address. */
function outsideEnvironment(): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR, TZ, NODE_COMPILE_CACHE } = process.env
  return { PATH, HOME, TMPDIR, TZ, NODE_COMPILE_CACHE }
}
