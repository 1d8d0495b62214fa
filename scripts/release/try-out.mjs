import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Stop } from '../lib/command.mjs'
import { freePort } from '../lib/ports.mjs'
import { lastLines, run } from '../lib/run.mjs'
import { node24 } from '../lib/workspace.mjs'

const STARTS = 3
/** A start (ms) that takes longer hangs. */
const PATIENCE = 60_000

/**
 * Unpacks an archive where nothing of this repository is, and starts it with Node 24 and an environment that names nothing
 * else: no PATH, no pnpm, no WeCom that answers.
 * @returns how long (ms) the starts took until /readyz, and the last stop
 */
export async function tryOut(archive) {
  const folder = mkdtempSync(join(tmpdir(), 'moments-try-out-'))
  try {
    const { ok, output } = await run('tar', ['-xzf', archive, '-C', folder], {})
    if (!ok) throw new Stop(lastLines(output))
    const release = join(folder, readdirSync(folder)[0])
    if (existsSync(join(release, 'packages/simulator'))) throw new Stop('The simulator is in the release.')
    const starts = []
    let stopped
    for (let n = 0; n < STARTS; n++) {
      const server = await start(release, join(folder, 'data'))
      starts.push(server.took)
      try {
        await expectPages(server)
      } finally {
        stopped = await server.stop()
      }
    }
    return { starts, stopped }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function start(release, data) {
  const [port, nowhere] = [await freePort('PORT', '0'), await freePort('PORT', '0')]
  const url = `http://localhost:${port}`
  const env = {
    PORT: String(port),
    PUBLIC_URL: url,
    DATA_DIR: data,
    WECOM_CORP_ID: 'ww0000000000000000',
    WECOM_AGENT_ID: '1000002',
    WECOM_SECRET: 'secret',
    WECOM_API_URL: `http://127.0.0.1:${nowhere}`,
  }
  const began = performance.now()
  const child = spawn(node24, ['apps/server/src/main.ts'], { cwd: release, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const ended = new Promise((resolve) => child.once('close', resolve))
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/readyz`)
      .then(({ ok }) => ok)
      .catch(() => false)
  while (!(await isReady())) {
    if (child.exitCode === null && performance.now() - began < PATIENCE) {
      await pause(10)
      continue
    }
    child.kill('SIGKILL')
    throw new Stop(`The release does not start:\n${lastLines(output)}`)
  }
  const took = performance.now() - began
  return {
    url: `http://127.0.0.1:${port}`,
    took,
    async stop() {
      const asked = performance.now()
      child.kill('SIGTERM')
      const code = await ended
      if (code !== 0) throw new Stop(`The release ended with ${code}:\n${lastLines(output)}`)
      return performance.now() - asked
    },
  }
}

/** The login of the console is one of its pages: it must be built, with the script that it names. */
async function expectPages({ url }) {
  const page = await (await fetch(`${url}/admin/login`)).text()
  const script = /src="(\/admin\/assets\/[^"]+\.js)"/.exec(page)?.[1]
  if (!script || !(await fetch(url + script)).ok)
    throw new Stop(`The console is not in the release:\n${page.slice(0, 500)}`)
}
