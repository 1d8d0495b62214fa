import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync } from 'node:fs'
import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)

/** A PostgreSQL server of the tests' own, in a folder of its own, reachable by a socket in it and gone afterwards. */
export interface PostgresCluster {
  /** Of the database `postgres`, by which others are created and dropped. */
  adminUrl: string
  stop(): Promise<void>
}

/** Creates an empty database, or a copy of another one that nobody uses. Returns its URL. */
export async function createDatabase(adminUrl: string, name: string, template = 'template0'): Promise<string> {
  await ask(adminUrl, `create database ${pg.escapeIdentifier(name)} template ${pg.escapeIdentifier(template)}`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return url.href
}

export const dropDatabase = (adminUrl: string, name: string) =>
  ask(adminUrl, `drop database if exists ${pg.escapeIdentifier(name)} with (force)`)

async function ask(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Where PostgreSQL's server programs are; Debian keeps them off the PATH. */
export function findPostgres(): string {
  const places = [
    process.env['POSTGRES_BIN'] ?? '',
    ...globSync('/usr/lib/postgresql/*/bin').toSorted().toReversed(),
    ...globSync('/opt/homebrew/opt/postgresql@*/bin').toSorted().toReversed(),
    ...(process.env['PATH'] ?? '').split(':'),
  ]
  const found = places.find((place) => place !== '' && existsSync(join(place, 'initdb')))
  if (!found)
    throw new Error('PostgreSQL is not here: install it (Debian: apt-get install postgresql), or set POSTGRES_BIN')
  return found
}

/** Whether tests can have one on this machine. */
export function hasPostgres(): boolean {
  try {
    return findPostgres() !== ''
  } catch {
    return false
  }
}

/** What makes tests fast: nothing outlives a power cut. */
const FORGETFUL = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
/** For a kept cluster: as durable as in production, with room for loading much at once. */
const DURABLE = { max_wal_size: '4GB', checkpoint_timeout: '15min', shared_buffers: '512MB', work_mem: '64MB' }

/**
 * Starts a cluster. With a folder named it keeps its data there, from one start to the next, and is durable; otherwise it is
 * gone at the end and nothing in it would outlive a power cut.
 */
export async function startPostgres({ keepIn }: { keepIn?: string } = {}): Promise<PostgresCluster> {
  const bin = findPostgres()
  const owner = await unprivileged()
  // The path of a socket must be short, wherever the data is.
  const folder = await mkdtemp(join(tmpdir(), 'qimeng-pg-'))
  if (keepIn) await mkdir(keepIn, { recursive: true })
  for (const path of [folder, ...(keepIn ? [keepIn] : [])]) if (owner) await chown(path, owner.uid, owner.gid)
  const data = join(keepIn ?? folder, 'data')
  if (!existsSync(join(data, 'PG_VERSION'))) {
    await run(join(bin, 'initdb'), ['-D', data, '-U', 'moments', '--auth=trust', '--no-sync', '--locale=C.UTF-8'], {
      ...owner,
      cwd: folder,
    })
  }
  const settings = {
    listen_addresses: '',
    unix_socket_directories: folder,
    max_connections: '400',
    ...(keepIn ? DURABLE : FORGETFUL),
  }
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const said: string[] = []
  server.stderr.setEncoding('utf8').on('data', (text: string) => void said.push(text))
  const adminUrl = `postgres://moments@localhost/postgres?host=${encodeURIComponent(folder)}`
  const ended = once(server, 'exit')
  await untilReady(adminUrl, server, said)
  return {
    adminUrl,
    async stop() {
      // At once, or, where the data is kept, after writing it out.
      server.kill(keepIn ? 'SIGINT' : 'SIGQUIT')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function untilReady(url: string, server: { exitCode: number | null }, said: string[]) {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start:\n${said.join('')}`)
    try {
      return await ask(url, 'select 1')
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

/** PostgreSQL refuses to run as root; Debian's package has a user for it. */
async function unprivileged(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const ask = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout)
  return { uid: await ask('-u'), gid: await ask('-g') }
}
