import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from './lib/run.mjs'
import { node24, root } from './lib/workspace.mjs'

// What stops a start is one clear line that names the cure.

const blank = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => name.startsWith('WECOM_'))
    .map((name) => [name, '']),
)
const start = (settings) =>
  run(node24, [join(root, 'scripts/start.mjs')], { cwd: root, env: { ...process.env, ...blank, ...settings } })

const lastLine = ({ output }) => output.trimEnd().split('\n').at(-1)

test('a partial WECOM_* stops the start and names what is missing', async () => {
  const result = await start({ WECOM_CORP_ID: 'ww1', WECOM_SECRET: 'secret' })
  expect(result.ok).toBe(false)
  expect(lastLine(result)).toBe(
    'WECOM_CORP_ID, WECOM_SECRET are set, but WECOM_AGENT_ID is missing. Set all of them for a real WeCom, or none for the demo.',
  )
  expect(result.output).not.toContain('secret')
})

test('a taken port is named with its variable', async () => {
  const other = createServer()
  await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address()
  try {
    const asServer = await start({ PORT: String(port) })
    expect(lastLine(asServer)).toContain(`Port ${port} is taken. Choose another one with PORT`)
    const asSimulator = await start({ PORT: '0', SIMULATOR_PORT: String(port) })
    expect(lastLine(asSimulator)).toContain(`Port ${port} is taken. Choose another one with SIMULATOR_PORT`)
  } finally {
    other.close()
  }
})

test.each(['abc', '70000', '-1', '3000.5'])('PORT=%s is no port', async (value) => {
  const result = await start({ PORT: value })
  expect(result.ok).toBe(false)
  expect(lastLine(result)).toBe(`PORT must be a port from 0 to 65535, and is "${value}".`)
})
