import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../../../apps/server/src/main.ts', import.meta.url))

/** A server exactly as an operator starts it. */
export interface Process {
  readonly url: string
  /** Resolves to its exit code when it is gone; null after a kill. */
  readonly gone: Promise<number | null>
  signal(signal: NodeJS.Signals): void
}

/** Starts one and resolves when it listens. Its log goes into the file. @throws when it ends before */
export async function startProcess(env: Record<string, string>, logFile: string): Promise<Process> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = createWriteStream(logFile, { flags: 'a' })
  child.stderr.pipe(log, { end: false })
  const gone = once(child, 'exit').then(([code]) => code as number | null)
  const port = new Promise<number>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.write(`${line}\n`)
      const said = /"port":(\d+).*"msg":"listening"/.exec(line)
      if (said) resolve(Number(said[1]))
    })
  })
  const listening = await Promise.race([port, gone.then(() => undefined)])
  if (listening === undefined) throw new Error(`a server did not start, see ${logFile}`)
  return {
    url: `http://127.0.0.1:${listening}`,
    gone,
    signal(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    },
  }
}
