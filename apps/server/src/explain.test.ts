import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { explain } from './explain.ts'
import { startServer } from './start.ts'
import { createTestDatabase, ENGINE } from './test/database.ts'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'qimeng-explain-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

/** The line an operator gets who starts the server so. */
async function startWith(env: Record<string, string>) {
  const config = readConfig({
    ...{ WECOM_CORP_ID: 'ww1', WECOM_AGENT_ID: '1000002', WECOM_SECRET: 'secret', WECOM_API_URL: 'http://127.0.0.1:9' },
    ...{ PORT: '0', PUBLIC_URL: 'http://localhost:3000', DATA_DIR: folder, LOG_LEVEL: 'silent', ...env },
  })
  try {
    const server = await startServer(config, { log: pino({ level: 'silent' }) })
    await server.stop()
  } catch (error) {
    return explain(error, config)
  }
  return 'started'
}

describe('a server that cannot start says in one line why', () => {
  test('when its data folder is a file', async () => {
    const file = join(folder, 'data')
    await writeFile(file, 'x')
    expect(await startWith({ DATA_DIR: file })).toContain(`${file} is no folder`)
    expect(await startWith({ DATA_DIR: join(file, 'below') })).toContain('is no folder')
  })

  test('when its database is none, or damaged', async () => {
    const file = join(folder, 'moments.db')
    await writeFile(file, 'this is no database, '.repeat(500))
    expect(await startWith({})).toBe(`${file} is damaged or no SQLite database: put back a backup of it.`)
    const page = Buffer.alloc(8192, 0xff)
    page.write('SQLite format 3\0', 0, 'latin1')
    page.set([0x10, 0x00, 1, 1, 0, 64, 32, 32], 16)
    await writeFile(file, page)
    expect(await startWith({})).toContain('is damaged')
  })

  test('when its store of pictures is set up wrongly, but not when that is away for a moment', async () => {
    const store = createHttpServer((_, response) =>
      response.writeHead(404).end('<?xml version="1.0"?><Error><Code>NoSuchBucket</Code></Error>'),
    )
    await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve))
    const endpoint = `http://127.0.0.1:${(store.address() as { port: number }).port}`
    const env = (at: string) => ({
      BLOB_URL: `s3://moments?endpoint=${at}&style=path`,
      BLOB_ACCESS_KEY_ID: 'key',
      BLOB_SECRET_ACCESS_KEY: 'secret',
    })
    expect(await startWith(env(endpoint))).toBe(
      `s3://moments/ (${endpoint}): There is no such bucket: create it, or correct BLOB_URL.`,
    )
    store.close()
    store.closeAllConnections()
    expect(await startWith(env('http://127.0.0.1:9'))).toBe('started')
  })

  test('when PostgreSQL is not there, without its password', async () => {
    const url = (host: string) => `postgres://moments:wordpass@${host}/moments`
    expect(await startWith({ DATABASE_URL: url('127.0.0.1:9') })).toBe(
      'PostgreSQL at 127.0.0.1:9, database moments: Nothing answers there: is PostgreSQL running, and does it listen there?',
    )
    expect(await startWith({ DATABASE_URL: url('db.invalid') })).toContain('db.invalid, database moments: No machine')
    await expect(startWith({ DATABASE_URL: url('db:not-a-port') })).rejects.toThrow('percent-encoded')
  })

  test.skipIf(ENGINE === 'sqlite')('when PostgreSQL has no such database', async () => {
    const database = await createTestDatabase({ empty: true })
    const missing = Object.assign(new URL(database.url), { pathname: '/nowhere' }).href
    expect(await startWith({ DATABASE_URL: missing })).toContain('database nowhere: There is no such database')
    await database.drop()
  })

  test('when its address is none of this machine', async () => {
    expect(await startWith({ HOST: '192.0.2.1' })).toContain('HOST 192.0.2.1 is no address of this machine')
  })

  test('when its port is taken', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as { port: number }
    expect(await startWith({ PORT: String(port) })).toContain(`Port ${port} is taken`)
    other.close()
  })

  test('when its port is for root', () => {
    const refused = Object.assign(new Error(), { code: 'EACCES', syscall: 'listen', port: 80 })
    expect(explain(refused, { port: 80, host: '0.0.0.0', databaseUrl: 'sqlite:x' })).toContain('listen on port 80')
  })

  test('but an error nobody foresaw keeps its stack', () => {
    expect(explain(new Error('what is this'))).toBeUndefined()
  })
})
