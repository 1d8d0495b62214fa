import { createHash } from 'node:crypto'
import { link, mkdir, open, opendir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { newId } from '../db/id.ts'
import { BlobExists, checkKey, StorageFull } from './blobs.ts'
import type { Blobs } from './blobs.ts'

/** An upload that has not written for this long (ms) belongs to a process that is gone. */
const STALE_MS = 60 * 60_000

/** Keys begin with a letter or digit, so neither name can collide with one. */
const TEMPORARY = '.tmp'
const SHARD_MARK = '_'

/**
 * Blobs as files in a folder: `images/01k2…` lies at `images/_3f/01k2…`, so that no folder grows beyond what a shell
 * lists comfortably. Half-written files lie in `.tmp` on the same volume and are swept away here when they are stale.
 */
export async function openDiskBlobs(folder: string): Promise<Blobs> {
  const root = resolve(folder)
  const temporary = join(root, TEMPORARY)
  await mkdir(temporary, { recursive: true })
  await sweepStale(temporary)

  const fileOf = (key: string) => {
    const segments = checkKey(key).split('/')
    const name = segments.pop()!
    const shard = createHash('sha256').update(name).digest('hex').slice(0, 2)
    return join(root, ...segments, SHARD_MARK + shard, name)
  }

  return {
    async put(key, body, { once = false } = {}) {
      const file = fileOf(key)
      const half = join(temporary, newId())
      try {
        const bytes = await writeDurably(half, body)
        await makeFolder(dirname(file))
        if (once) await linkInstead(half, file, key)
        else await rename(half, file)
        await syncFolder(dirname(file))
        return { bytes }
      } catch (error) {
        await rm(half, { force: true })
        throw isFull(error) ? new StorageFull({ cause: error }) : error
      }
    },

    async get(key, range) {
      const handle = await open(fileOf(key)).catch(undefinedIfMissing)
      if (!handle) return undefined
      const { size } = await handle.stat()
      const start = Math.min(range?.start ?? 0, size)
      const end = Math.min(range?.end ?? size - 1, size - 1)
      const bytes = Math.max(0, end - start + 1)
      // createReadStream counts both ends in, so it cannot say "nothing"; reading behind the end can.
      const stream = handle.createReadStream(bytes > 0 ? { start, end } : { start: size })
      return { stream, bytes, size }
    },

    async delete(key) {
      await rm(fileOf(key), { force: true })
    },

    async *list(prefix = '') {
      for await (const entry of await opendir(root, { recursive: true })) {
        if (!entry.isFile() || entry.parentPath === temporary) continue
        const folders = relative(root, entry.parentPath).split(sep)
        const key = [...folders.slice(0, -1), entry.name].join('/')
        if (key.startsWith(prefix)) yield key
      }
    },
  }
}

async function writeDurably(file: string, body: Readable | Buffer): Promise<number> {
  const handle = await open(file, 'wx')
  try {
    await handle.writeFile(body)
    await handle.sync()
    return (await handle.stat()).size
  } finally {
    await handle.close()
  }
}

/** Unlike a rename this replaces nothing, whoever else is at it. */
async function linkInstead(half: string, file: string, key: string) {
  await link(half, file).catch((error: unknown) => {
    throw codeOf(error) === 'EEXIST' ? new BlobExists(key, { cause: error }) : error
  })
  await rm(half)
}

/** Creates a folder with its parents, each known to its own parent on the disk. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

/** Without this a power cut may forget a rename although the file itself is safe. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function sweepStale(temporary: string): Promise<void> {
  for (const name of await readdir(temporary)) {
    const file = join(temporary, name)
    const found = await stat(file).catch(undefinedIfMissing) // its owner may just be renaming it
    if (found && Date.now() - found.mtimeMs > STALE_MS) await rm(file, { force: true })
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code

/** EDQUOT: the quota of this user is used up, the disk itself may not be. */
const isFull = (error: unknown) => codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT'

function undefinedIfMissing(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT') return undefined
  throw error
}
