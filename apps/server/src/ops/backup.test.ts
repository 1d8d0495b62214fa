import { appendFile, mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { Worker } from 'node:worker_threads'
import { HOUR, MINUTE } from '@qimeng/contract/time'
import Sqlite from 'better-sqlite3'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Blobs } from '../blobs/blobs.ts'
import { openDiskBlobs } from '../blobs/disk.ts'
import { MIGRATIONS, migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import { upgrade } from '../db/upgrade.ts'
import type { Db } from '../parts.ts'
import { backUpOnTime } from './backup-plan.ts'
import { dropOldBackups, listBackups, makeBackup } from './backup.ts'
import { restore } from './restore.ts'

/** A machine that does other things may take its time. */
const PATIENT = { timeout: 60_000 }

/** RESTORES=100 is the long form of QUALITY.md 1. */
const RESTORES = Number(process.env.RESTORES ?? 5)
const NOON = Date.UTC(2026, 0, 1, 4)

let folder: string
let db: Db
let blobs: Blobs
const place = (name: string) => ({
  dataDir: join(folder, name),
  databaseUrl: `sqlite:${join(folder, name, 'moments.db')}`,
})
const fileOf = (name: string) => join(place(name).dataDir, 'moments.db')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qimeng-backup-'))
  db = await openDatabase(place('data').databaseUrl)
  await upgrade(db, place('data').databaseUrl, NOON)
  blobs = await openDiskBlobs(join(folder, 'data/blobs'))
})
afterEach(async () => {
  await db.destroy()
  await rm(folder, { recursive: true })
})

const backUp = (now = NOON) => makeBackup(place('data'), join(folder, 'backups'), now)
const restoreTo = (name: string, backup: string, now = NOON) => restore(place(name), backup, now)

function ask<Row>(file: string, query: string): Row {
  const sqlite = new Sqlite(file)
  try {
    return sqlite.prepare(query).get() as Row
  } finally {
    sqlite.close()
  }
}

test(`against a live writer: ${RESTORES} backups, each restored whole`, { timeout: RESTORES * 20_000 }, async () => {
  const writer = new Worker(new URL('./live-writer.fixture.ts', import.meta.url), {
    workerData: fileOf('data'),
  })
  try {
    let written = 0
    for (let round = 0; round < RESTORES; round++) {
      const { folder: backup } = await makeBackup(place('data'), join(folder, 'backups'), Date.now())
      await restoreTo(`restored-${round}`, backup)
      const file = fileOf(`restored-${round}`)
      expect(ask(file, 'pragma integrity_check')).toEqual({ integrity_check: 'ok' })
      const { n } = ask<{ n: number }>(file, 'select count(*) as n from audit_log')
      // The writer changes both in one transaction.
      expect(ask(file, 'select coalesce(sum(people), 0) as n from directory_syncs')).toEqual({ n })
      if (round > 0) expect(n).toBeGreaterThan(written)
      written = n
      await vi.waitFor(
        () => expect(ask(fileOf('data'), 'select count(*) as n from audit_log')).not.toEqual({ n }),
        PATIENT,
      )
    }
  } finally {
    await writer.terminate()
  }
})

describe('a backup', () => {
  test('of pictures in an S3 store says where they are, and holds the database', async () => {
    const keys = { accessKeyId: 'key', secretAccessKey: 'canary' }
    const s3 = { bucket: 'moments', prefix: '', endpoint: null, region: 'us-east-1', pathStyle: false, ...keys }
    await blobs.put('images/full/a', Buffer.alloc(1_000))
    const made = await makeBackup({ ...place('data'), s3 }, join(folder, 'backups'), NOON)
    expect(made).toMatchObject({ files: 0, store: 's3://moments/' })
    expect(JSON.stringify(await listBackups(join(folder, 'backups')))).not.toContain('canary')
    expect(await restoreTo('restored', made.folder)).toMatchObject({ backup: { store: 's3://moments/' } })
    expect(ask(fileOf('restored'), 'pragma integrity_check')).toEqual({ integrity_check: 'ok' })
  })

  test('has the pictures, and takes no second room for those of the backup before', async () => {
    await blobs.put('images/full/a', Buffer.alloc(1_000, 'a'))
    const first = await backUp()
    await blobs.put('images/full/b', Buffer.alloc(2_000, 'b'))
    const second = await backUp(NOON + MINUTE)
    expect([first, second]).toMatchObject([
      { files: 1, bytes: 1_000 },
      { files: 2, bytes: 3_000 },
    ])
    const inodes = await Promise.all([first, second].map(({ folder: backup }) => inodeOf(join(backup, 'blobs'), 'a')))
    expect(inodes[0]).toBe(inodes[1])

    await rm(first.folder, { recursive: true })
    await restoreTo('restored', second.folder)
    const blob = await (await openDiskBlobs(join(folder, 'restored/blobs'))).get('images/full/a')
    expect(await buffer(blob!.stream)).toEqual(Buffer.alloc(1_000, 'a'))
  })

  test('comes as often as planned, and replaces the oldest', async () => {
    const backup = { folder: join(folder, 'planned'), every: 6 * HOUR, keep: 2 }
    const log = pino({ level: 'silent' })
    const taken = async () => (await listBackups(backup.folder)).map(({ takenAt }) => takenAt)
    const at = async (now: number) => {
      await backUpOnTime({ config: { ...place('data'), backup }, clock: { now: () => now }, log })
      return taken()
    }
    expect(await at(NOON)).toEqual([NOON])
    expect(await at(NOON + 6 * HOUR - 1)).toEqual([NOON])
    await at(NOON + 6 * HOUR)
    expect(await at(NOON + 12 * HOUR)).toEqual([NOON + 6 * HOUR, NOON + 12 * HOUR])
  })

  test('that cannot be finished is not there, and those before it are', async () => {
    const good = await backUp()
    await expect(
      makeBackup({ ...place('data'), databaseUrl: 'sqlite:/nowhere.db' }, join(folder, 'backups'), NOON),
    ).rejects.toThrow()
    expect(await readdir(join(folder, 'backups'))).toEqual([good.folder.split('/').at(-1)])
    await dropOldBackups(join(folder, 'backups'), 1)
    expect(await listBackups(join(folder, 'backups'))).toHaveLength(1)
  })

  test('of PostgreSQL is left to its own tools', async () => {
    const elsewhere = { ...place('data'), databaseUrl: 'postgres://localhost/moments' }
    await expect(makeBackup(elsewhere, folder, NOON)).rejects.toThrow('pg_dump')
  })
})

describe('a restore', () => {
  test('is refused while the server runs', async () => {
    const { folder: backup } = await backUp()
    await expect(restoreTo('data', backup)).rejects.toThrow('already using')
  })

  test('keeps the database that was there before, with its last commits', async () => {
    const { folder: backup } = await backUp()
    await restoreTo('restored', backup)
    // A server that was killed leaves its last commits in the WAL.
    const killed = new Sqlite(fileOf('restored'))
    killed.pragma('journal_mode = WAL')
    killed.exec("insert into admins values ('latecomer', 'zhangsan', 1)")
    const { before } = await restoreTo('restored', backup)
    killed.close()
    expect(ask(before!, 'select userid from admins')).toEqual({ userid: 'latecomer' })
    expect(ask(fileOf('restored'), 'select userid from admins')).toBeUndefined()
  })

  test.each([
    ['a missing picture', (backup: string) => rm(join(backup, 'blobs/images'), { recursive: true })],
    ['a database cut short', (backup: string) => truncate(join(backup, 'moments.db'), 5_000)],
    ['a picture that grew', (backup: string) => appendFile(join(backup, 'blobs/images/more'), 'x')],
  ])('of a backup with %s touches nothing', async (_name, spoil) => {
    await blobs.put('images/a', Buffer.from('picture'))
    const { folder: backup } = await backUp()
    await spoil(backup)
    await expect(restoreTo('restored', backup)).rejects.toThrow('damaged')
    expect(await readdir(folder)).not.toContain('restored')
  })
})

describe('an upgrade', () => {
  test('copies a database with something in it first, and a new one not', async () => {
    const copies = async (name: string) =>
      (await readdir(place(name).dataDir)).filter((file) => file.includes('.before-'))
    expect(await copies('data')).toEqual([])
    const last = Object.keys(MIGRATIONS).at(-1)!
    const { [last]: _last, ...earlier } = MIGRATIONS
    const old = await openDatabase(place('old').databaseUrl)
    try {
      await migrate(old, earlier)
      await old.insertInto('admins').values({ userid: 'zhangsan', addedBy: '', addedAt: 1 }).execute()
      expect(await upgrade(old, place('old').databaseUrl, NOON)).toEqual([last])
    } finally {
      await old.destroy()
    }
    expect(await copies('old')).toEqual([`moments.db.before-${last}`])
    const copy = join(place('old').dataDir, `moments.db.before-${last}`)
    expect(ask(copy, 'select userid from admins')).toEqual({ userid: 'zhangsan' })
    expect(ask(copy, 'select taken_at from copy_marks')).toEqual({ taken_at: NOON })
  })
})

/** Where on the disk the only file of that name lies. */
async function inodeOf(below: string, name: string) {
  const path = (await readdir(below, { recursive: true })).find((each) => each.endsWith(`/${name}`))!
  return (await stat(join(below, path))).ino
}
