import { constants } from 'node:fs'
import { copyFile, link, mkdir, open, opendir, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { newId } from '../db/id.ts'

/** Half-written files, in the source (blobs/disk.ts) as well as here; no part of what is mirrored. */
const TEMPORARY = '.tmp'

/**
 * Brings every file below a folder of blobs to the same place below another. Files that are there already stay; those that
 * are unchanged in an earlier mirror are linked to it, so that a hundred backups take little more room than one. Blobs are
 * replaced and never written into, so a linked file does not change. What is only in the target stays there.
 * @param earlier an earlier mirror on the same volume
 */
export async function mirror(from: string, to: string, earlier?: string): Promise<void> {
  const temporary = join(to, TEMPORARY)
  await mkdir(temporary, { recursive: true })
  for await (const path of filesBelow(from)) {
    const [source, target] = [join(from, path), join(to, path)]
    const wanted = await statIfThere(source)
    if (!wanted || same(await statIfThere(target), wanted)) continue
    await mkdir(dirname(target), { recursive: true })
    const known = earlier === undefined ? undefined : join(earlier, path)
    const half = join(temporary, newId())
    if (known !== undefined && same(await statIfThere(known), wanted)) await link(known, half)
    else if (!(await copyDurably(source, half, wanted.mtime))) continue
    await rename(half, target)
  }
  await rm(temporary, { recursive: true })
}

/** Paths below the folder, in no particular order. */
export async function* filesBelow(folder: string): AsyncIterable<string> {
  for await (const entry of await opendir(folder, { recursive: true })) {
    const path = relative(folder, join(entry.parentPath, entry.name))
    if (entry.isFile() && !path.startsWith(TEMPORARY)) yield path
  }
}

interface Stamp {
  size: number
  mtimeMs: number
}

/** Times come through utimes in whole milliseconds. */
const same = (found: Stamp | undefined, wanted: Stamp) =>
  found?.size === wanted.size && Math.abs(found.mtimeMs - wanted.mtimeMs) < 2

/** False when the file was deleted meanwhile. */
async function copyDurably(from: string, to: string, mtime: Date): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE)
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
  await utimes(to, mtime, mtime)
  const handle = await open(to)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
  return true
}

const statIfThere = (path: string) =>
  stat(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined
    throw error
  })

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT'
