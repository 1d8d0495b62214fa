import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { folderOfBlobs } from '../blobs/open.ts'
import { checkIntegrity, syncPath } from '../db/copy-thread.ts'
import { lockDatabase } from '../db/lock.ts'
import { OperatorError } from '../explain.ts'
import { BACKUP, type Backup, type DataPlace, measure, readBackup, requireSqlite } from './backup.ts'
import { mirror } from './mirror.ts'

export interface Restored {
  backup: Backup
  /** Where the database lies that was there before; null when there was none. */
  before: string | null
}

/**
 * Puts a backup in the place of the data. What was there is kept beside it, pictures included: their sweep takes away what
 * no row names. Cut off at any moment it leaves either the old database or the new one, and can be run again.
 * @throws {OperatorError} @throws {DatabaseInUse} while a server runs
 */
export async function restore(place: DataPlace, folder: string, now: number): Promise<Restored> {
  const file = requireSqlite(place)
  const backup = await readBackup(folder)
  if (!backup) throw new OperatorError(`${folder} is no backup: there is no ${BACKUP.note} in it.`)
  await verify(backup)
  mkdirSync(dirname(file), { recursive: true })
  const lock = lockDatabase(file)
  try {
    await mirror(join(folder, BACKUP.blobs), folderOfBlobs(place))
    const incoming = `${file}.restoring`
    copyFileSync(join(folder, BACKUP.database), incoming)
    syncPath(incoming)
    const before = setAside(file, now)
    renameSync(incoming, file)
    syncPath(dirname(file))
    return { backup, before }
  } finally {
    lock.release()
  }
}

/** Before anything is touched. */
async function verify({ folder, files, bytes }: Backup) {
  const found = await measure(join(folder, BACKUP.blobs))
  if (found.files !== files || found.bytes !== bytes) {
    throw new OperatorError(
      `${folder} is damaged: ${files} files with ${bytes} bytes were saved, ${found.files} with ${found.bytes} are there.`,
    )
  }
  const database = join(folder, BACKUP.database)
  try {
    const sqlite = new Sqlite(database, { readonly: true, fileMustExist: true })
    try {
      checkIntegrity(sqlite)
    } finally {
      sqlite.close()
    }
  } catch (error) {
    throw new OperatorError(`${database} is damaged: ${(error as Error).message}`)
  }
}

/** Its last commits are in the WAL, which must go with it: beside another database it would be taken for that one's. */
function setAside(file: string, now: number): string | null {
  if (!existsSync(file)) return null
  const before = `${file}.before-restore-${new Date(now).toISOString().replaceAll(':', '-')}`
  linkSync(file, before)
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${before}-wal`)
  rmSync(`${file}-shm`, { force: true })
  return before
}
