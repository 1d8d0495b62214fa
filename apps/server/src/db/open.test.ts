import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import Sqlite from 'better-sqlite3'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DatabaseInUse } from './lock.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'

let folder: string
let file: string
let url: string
const children: ChildProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moments-db-'))
  file = join(folder, 'nested', 'moments.db')
  url = `sqlite:${file}`
})

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

/** Starts another process on the same database and returns the first line it prints. */
async function anotherProcess(): Promise<{ child: ChildProcess; line: string }> {
  const script = join(import.meta.dirname, 'hold-database.fixture.ts')
  const child = spawn(process.execPath, [script, url], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string]
  return { child, line }
}

describe('opening the database', () => {
  test('creates folder and file, with the settings that make a commit last', async () => {
    const db = await openDatabase(url)
    const setting = async (name: string) => {
      const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(db)
      return Object.values(rows[0] ?? {})[0]
    }
    expect(await setting('journal_mode')).toBe('wal')
    expect(await setting('synchronous')).toBe(2) // FULL
    expect(await setting('foreign_keys')).toBe(1)
    expect(await setting('busy_timeout')).toBe(5000)
    await db.destroy()
  })

  test('a URL of another kind is refused by name', async () => {
    await expect(openDatabase('mysql://localhost/moments')).rejects.toThrow('DATABASE_URL must begin with sqlite:')
  })

  test('a file that is no database is refused and stays openable by others', async () => {
    const db = await openDatabase(url)
    await db.destroy()
    await writeFile(file, 'this is a letter to my grandmother, not a database at all'.repeat(100))
    await expect(openDatabase(url)).rejects.toThrow('file is not a database')
    await expect(openDatabase(url)).rejects.toThrow('file is not a database')
  })

  test('a transaction holds the write lock from its beginning', async () => {
    const db = await openDatabase(url)
    const backup = new Sqlite(file, { timeout: 0 })
    await db.transaction().execute(async () => {
      expect(() => backup.exec('begin immediate')).toThrow('database is locked')
    })
    backup.exec('begin immediate')
    backup.close()
    await db.destroy()
  })
})

describe('one process per database', () => {
  test('a second opening is refused until the first is closed', async () => {
    const first = await openDatabase(url)
    await expect(openDatabase(url)).rejects.toThrow(DatabaseInUse)
    await first.destroy()
    const second = await openDatabase(url)
    await second.destroy()
  })

  test('another process is refused with one clear line', async () => {
    const db = await openDatabase(url)
    const { line } = await anotherProcess()
    expect(line).toBe(`Another process is already using ${file}; stop it first, or choose another DATABASE_URL.`)
    await db.destroy()
  })

  test('a process killed with SIGKILL leaves no lock behind', async () => {
    const { child, line } = await anotherProcess()
    expect(line).toBe('open')
    await expect(openDatabase(url)).rejects.toThrow(DatabaseInUse)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const db = await openDatabase(url)
    expect(await migrate(db)).toContain('0001-first-tables')
    await db.destroy()
  })
})
