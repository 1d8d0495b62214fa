import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Services } from './lib/services.mjs'

const folder = mkdtempSync(join(tmpdir(), 'services-'))
afterAll(() => rmSync(folder, { recursive: true }))

function script(name, text) {
  const path = join(folder, `${name}.mjs`)
  writeFileSync(path, text)
  return [path]
}

const options = { env: process.env, log: join(folder, 'log'), isReady: (message) => message.ready }
const isAlive = (pid) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
const STAYS = 'console.log(JSON.stringify({ ready: true, pid: process.pid })); setInterval(() => {}, 1000)'

test('when one program ends by itself the others are ended, and its last lines are told', async () => {
  const services = new Services()
  let stays
  const running = services.run(async () => {
    stays = await services.start('The one', script('stays', STAYS), options)
    await services.start(
      'The other',
      script('dies', 'console.log("{\\"ready\\":true}"); throw new Error("no disk")'),
      options,
    )
  })
  await expect(running).rejects.toThrow(/The other ended unexpectedly \(exit code 1\)[^]*no disk/)
  expect(isAlive(stays.pid)).toBe(false)
})

test('a program that fails before it is ready stops the start', async () => {
  const services = new Services()
  const running = services.run(() => services.start('It', script('fails', 'process.exit(3)'), options))
  await expect(running).rejects.toThrow('It ended unexpectedly (exit code 3)')
})

test('a signal to us ends everything, and that is no error', async () => {
  const services = new Services()
  let stays
  await services.run(async () => {
    stays = await services.start('The one', script('stays', STAYS), options)
    process.emit('SIGTERM')
  })
  expect(isAlive(stays.pid)).toBe(false)
})
