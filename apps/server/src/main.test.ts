import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'

const main = new URL('./main.ts', import.meta.url).pathname

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'qimeng-main-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

/** The server as a process of its own, begun by a shell that lets everybody read what is written. */
async function startMain(env: Record<string, string>) {
  const shell = ['-c', 'umask 022 && exec "$0" "$1"', process.execPath, main]
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const child = spawn('sh', shell, { env: { PATH, NODE_COMPILE_CACHE, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('"msg":"listening"')) break
  return {
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

test('what the server writes is for its own account alone', async () => {
  const server = await startMain({
    ...{ WECOM_CORP_ID: 'ww1', WECOM_AGENT_ID: '1000002', WECOM_SECRET: 'secret', WECOM_API_URL: 'http://127.0.0.1:9' },
    ...{ PORT: '0', PUBLIC_URL: 'http://localhost:3000', DATA_DIR: join(folder, 'data') },
  })
  const written = await readdir(folder, { recursive: true, withFileTypes: true })
  expect(written.map(({ name }) => name)).toContain('moments.db')
  for (const { parentPath, name } of written) {
    const { mode } = await stat(join(parentPath, name))
    expect([name, mode & 0o077]).toEqual([name, 0])
  }
  await server.kill()
})
