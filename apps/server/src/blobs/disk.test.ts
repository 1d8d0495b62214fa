import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StorageFull } from './blobs.ts'
import type { Blobs } from './blobs.ts'
import { openDiskBlobs } from './disk.ts'

const run = promisify(execFile)
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moments-disk-'))
})

async function keysOf(blobs: Blobs): Promise<string[]> {
  const keys: string[] = []
  for await (const key of blobs.list()) keys.push(key)
  return keys
}

afterEach(() => rm(folder, { recursive: true }))

test('half files of a process that died are swept at the next start, those of a living one are not', async () => {
  const temporary = join(folder, '.tmp')
  await mkdir(temporary)
  await writeFile(join(temporary, 'dead'), 'half')
  const twoHoursAgo = Date.now() / 1000 - 7_200
  await utimes(join(temporary, 'dead'), twoHoursAgo, twoHoursAgo)
  await writeFile(join(temporary, 'alive'), 'half')
  const blobs = await openDiskBlobs(folder)
  expect(await readdir(temporary)).toEqual(['alive'])
  expect(await keysOf(blobs)).toEqual([])
})

// A volume of its own needs root and mount(2), which plain containers and laptops do not give.
const canMount = process.platform === 'linux' && process.getuid?.() === 0 && (await mountable())

async function mountable(): Promise<boolean> {
  const probe = await mkdtemp(join(tmpdir(), 'moments-mount-'))
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe])
    await run('umount', [probe])
    return true
  } catch {
    return false
  } finally {
    await rm(probe, { recursive: true })
  }
}

test.runIf(canMount)(
  'a full disk is told apart, leaves nothing half, and work goes on when there is room',
  async () => {
    const small = join(folder, 'small')
    await mkdir(small)
    await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small])
    try {
      const blobs = await openDiskBlobs(small)
      await blobs.put('first', Buffer.alloc(600_000))
      await expect(blobs.put('second', Buffer.alloc(600_000))).rejects.toThrow(StorageFull)
      await expect(blobs.put('second', Readable.from([Buffer.alloc(600_000)]))).rejects.toThrow(StorageFull)
      expect(await readdir(join(small, '.tmp'))).toEqual([])
      expect(await keysOf(blobs)).toEqual(['first'])
      await blobs.delete('first')
      await blobs.put('second', Buffer.alloc(600_000))
    } finally {
      await run('umount', [small])
    }
  },
)
