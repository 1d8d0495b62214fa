import { existsSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { folderOfBlobs } from '../blobs/open.ts'
import { nameOfPlace } from '../blobs/s3-place.ts'
import type { Config } from '../config.ts'
import { copyDatabase, syncPath } from '../db/copy-thread.ts'
import { newId } from '../db/id.ts'
import { sqliteFile } from '../db/sqlite-file.ts'
import { OperatorError } from '../explain.ts'
import { filesBelow, mirror } from './mirror.ts'

/** What lies in the folder of a backup. */
export const BACKUP = { database: 'moments.db', blobs: 'blobs', note: 'backup.json' }

export interface Backup {
  folder: string
  /** What happened later than this (epoch ms) is not in it. */
  takenAt: number
  /** Pictures and exports, and their size. */
  files: number
  bytes: number
  /** The S3 store in which pictures and exports lay instead; it keeps versions of its own (decision 20). */
  store?: string
}

export type DataPlace = Pick<Config, 'databaseUrl' | 'dataDir'> & Partial<Pick<Config, 's3'>>

/** A backup that was begun and never finished is removed after so long (ms). */
const STALE = 24 * 3_600_000
const HALF = '.half-'

/**
 * Makes a backup below the folder, of data that may be in use. It appears under its name when all of it is safe on the
 * disk; a backup cut off half-way has none.
 */
export async function makeBackup(place: DataPlace, into: string, now: number): Promise<Backup> {
  const database = requireSqlite(place)
  await mkdir(into, { recursive: true })
  await dropStale(into)
  const half = join(into, HALF + newId())
  const earlier = (await listBackups(into)).at(-1)
  await mkdir(half)
  try {
    // Before the database, and after it what came meanwhile: every picture that a row names is in it, whether a sweep
    // takes it away or an upload brings it while this goes on.
    const blobs = join(half, BACKUP.blobs)
    await mkdir(blobs)
    const pictures = async () => {
      if (!place.s3) await mirror(folderOfBlobs(place), blobs, earlier && join(earlier.folder, BACKUP.blobs))
    }
    await pictures()
    await copyDatabase({ from: database, to: join(half, BACKUP.database), takenAt: now })
    await pictures()
    const store = place.s3 ? { store: nameOfPlace(place.s3) } : {}
    const note = { takenAt: now, ...(await measure(blobs)), ...store }
    await writeNote(join(half, BACKUP.note), note)
    // Colons are no part of a name on every disk.
    const folder = join(into, new Date(now).toISOString().replaceAll(':', '-'))
    syncPath(half)
    await rename(half, folder)
    syncPath(into)
    return { folder, ...note }
  } catch (error) {
    await rm(half, { recursive: true, force: true })
    throw error
  }
}

/** The finished backups below the folder, oldest first. */
export async function listBackups(into: string): Promise<Backup[]> {
  if (!existsSync(into)) return []
  const names = (await readdir(into)).filter((name) => /^\d{4}-/.test(name)).sort()
  const found = await Promise.all(names.map((name) => readBackup(join(into, name))))
  return found.filter((backup) => backup !== undefined)
}

/** Undefined when the folder is no backup. */
export async function readBackup(folder: string): Promise<Backup | undefined> {
  const note = join(folder, BACKUP.note)
  if (!existsSync(note)) return undefined
  return { folder, ...(JSON.parse(await readFile(note, 'utf8')) as Omit<Backup, 'folder'>) }
}

/** Removes the oldest, so that no more than these remain. */
export async function dropOldBackups(into: string, keep: number): Promise<void> {
  for (const { folder } of (await listBackups(into)).slice(0, -keep)) await rm(folder, { recursive: true })
}

/** @throws {OperatorError} when the database is no file */
export function requireSqlite({ databaseUrl }: Pick<DataPlace, 'databaseUrl'>): string {
  const file = sqliteFile(databaseUrl)
  if (file !== undefined) return file
  throw new OperatorError(
    'DATABASE_URL names no SQLite file. Back PostgreSQL up with pg_dump or its continuous archiving, and after a restore ' +
      'run `pnpm cli hold` before the server starts (docs/deploy.md).',
  )
}

export async function measure(folder: string): Promise<{ files: number; bytes: number }> {
  const total = { files: 0, bytes: 0 }
  for await (const path of filesBelow(folder)) {
    total.files += 1
    total.bytes += (await stat(join(folder, path))).size
  }
  return total
}

async function writeNote(file: string, note: object) {
  const handle = await open(file, 'wx')
  try {
    await handle.writeFile(`${JSON.stringify(note)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function dropStale(into: string) {
  for (const name of await readdir(into)) {
    if (!name.startsWith(HALF)) continue
    const { mtimeMs } = await stat(join(into, name))
    if (Date.now() - mtimeMs > STALE) await rm(join(into, name), { recursive: true, force: true })
  }
}
