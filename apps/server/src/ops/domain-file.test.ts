import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startWorld } from '../test/world.ts'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'qimeng-domain-'))))
afterEach(() => rm(folder, { recursive: true }))

test('WeCom finds the file at the root of the domain, byte for byte as it gave it, and without any session', async () => {
  const path = join(folder, 'WW_verify_AbCdEf0123456789.txt')
  await writeFile(path, 'AbCdEf0123456789')
  const world = await startWorld({ env: { WECOM_DOMAIN_FILE: path } })
  try {
    const page = await world.browser().get('/WW_verify_AbCdEf0123456789.txt')
    expect(page.status).toBe(200)
    expect(page.data.toString()).toBe('AbCdEf0123456789')
    expect((await world.browser().get('/WW_verify_other.txt')).status).toBe(404)
  } finally {
    await world.stop()
  }
})

test('a file that is not there stops the start and is named', async () => {
  const world = await startWorld()
  const missing = join(folder, 'WW_verify_missing.txt')
  await expect(world.restart({ env: { WECOM_DOMAIN_FILE: missing } })).rejects.toThrow(`WECOM_DOMAIN_FILE ${missing}`)
  await world.restart()
  await world.stop()
})
