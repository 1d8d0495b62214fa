import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { aSimulator } from './test/harness.ts'

const start = (env: Record<string, string>) =>
  spawn(process.execPath, [new URL('./main.ts', import.meta.url).pathname], { env: { ...process.env, ...env } })

test('says where it is, and SIGTERM ends it cleanly', async () => {
  const child = start({ SIMULATOR_PORT: '0', APP_URL: 'http://localhost:3000' })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  expect(JSON.parse(String(line))).toEqual({
    ready: true,
    url: expect.stringMatching(/^http:\/\/localhost:\d+$/),
    corp: { corpId: expect.any(String), agentId: 1000002, secret: expect.any(String) },
  })
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('a taken port is one clear line and exit 1', async () => {
  const other = await aSimulator()
  try {
    const child = start({ SIMULATOR_PORT: String(other.port) })
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
    expect(said).toBe(`simulator: port ${other.port} is taken; set SIMULATOR_PORT to a free one\n`)
    expect(code).toBe(1)
  } finally {
    await other.close()
  }
})
