import { chmodSync, mkdtempSync, statfsSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where Linux has a file system in memory. Docker gives it 64 MB unless it is told otherwise. */
const IN_MEMORY = '/dev/shm'
/** The data folders, databases and browser profiles of all tests that run at the same time take less than a third of this. */
const ROOM = 3 * 1024 ** 3

/**
 * A folder for what tests write, for TMPDIR: in memory where there is room, for SQLite waits for the disk at every commit, and
 * a PostgreSQL database is four hundred files. What a dying process leaves behind survives there as it does on a disk.
 */
export function makeScratch() {
  const folder = mkdtempSync(join(hasRoom() ? IN_MEMORY : tmpdir(), 'moments-test-'))
  // PostgreSQL does not run as root, and has to come by here.
  chmodSync(folder, 0o711)
  return folder
}

function hasRoom() {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY)
    // The tests themselves need memory as well. Node 20.13 and later know what a container is limited to.
    const memory = process.availableMemory?.() ?? freemem()
    return bavail * bsize >= ROOM && memory >= 2 * ROOM
  } catch {
    return false
  }
}
