import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Stop } from './command.mjs'
import { node24, root } from './workspace.mjs'

/** Long enough for a slow machine that migrates a database first; a program that says nothing by then hangs. */
const START_MS = 60_000
const REMEMBERED_LINES = 20
/** A service has this long to finish what it is doing; together with its end it stays within the promised 10 s. */
const GRACE_MS = 9_000

/**
 * Programs that live and die together: the first to end by itself, or a signal to us, ends all of them. Each has its own
 * process group, so that Ctrl-C reaches it once, through us, and not a second time from the terminal.
 */
export class Services {
  #running = []
  #end
  #fail
  #ended = new Promise((resolve, reject) => {
    this.#end = resolve
    this.#fail = reject
  })

  constructor() {
    // Ctrl-C arrives twice, from the terminal and from npm, so a second signal means nothing: the grace is short anyway.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => this.#end())
  }

  /** Starts things up and keeps them until a signal comes (then all is well) or one of them fails (then it throws). */
  async run(startUp) {
    try {
      await Promise.race([startUp().then(() => this.#ended), this.#ended])
    } finally {
      await this.#stop()
    }
  }

  /** Starts a script under Node 24 that is to stay; resolves to the first JSON line it prints that `isReady` accepts. */
  start(name, args, { isReady, ...options }) {
    const service = this.#spawn(name, args, options)
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(service.failure(`is not up after ${START_MS / 1000} s`)), START_MS)
      service.onLine = (line) => {
        const message = parseJson(line)
        if (!message || !isReady(message)) return
        clearTimeout(late)
        resolve(message)
      }
      service.exit.then(() => {
        clearTimeout(late)
        reject(service.failure())
        this.#fail(service.failure())
      })
    })
  }

  /** Runs a script under Node 24 to its end. */
  async runOnce(name, args, options) {
    const service = this.#spawn(name, args, options)
    await service.exit
    if (service.child.exitCode !== 0) throw service.failure()
  }

  /** Output goes to the file `log`, or else to the terminal. */
  #spawn(name, args, { env, log }) {
    const child = spawn(node24, args, { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const out = log ? createWriteStream(log, { flags: 'a' }) : process.stdout
    const lines = []
    const service = {
      child,
      exit: new Promise((resolve) => child.on('close', resolve)),
      failure: (what = `ended unexpectedly (${child.signalCode ?? `exit code ${child.exitCode}`})`) =>
        new Stop(`${name} ${what}.${log ? ` Its last lines:\n${lines.join('\n')}` : ''}`),
    }
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        out.write(`${line}\n`)
        if (lines.push(line) > REMEMBERED_LINES) lines.shift()
        service.onLine?.(line)
      })
    }
    child.on('error', (error) => lines.push(error.message))
    this.#running.push(service)
    return service
  }

  async #stop() {
    this.#signalAll('SIGTERM')
    const impatience = setTimeout(() => this.#signalAll('SIGKILL'), GRACE_MS)
    await Promise.all(this.#running.map(({ exit }) => exit))
    clearTimeout(impatience)
  }

  #signalAll(signal) {
    for (const { child } of this.#running) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) continue
      try {
        process.kill(-child.pid, signal)
      } catch (error) {
        if (error.code !== 'ESRCH') throw error // It ended between our look and our signal.
      }
    }
  }
}

function parseJson(line) {
  try {
    const value = JSON.parse(line)
    return typeof value === 'object' ? value : undefined
  } catch {
    return undefined
  }
}
