import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { openDatabase } from '../../../../apps/server/src/db/open.ts'
import { hasPostgres, startPostgres } from '../../../../apps/server/src/test/postgres.ts'
import type { Scale } from '../scale.ts'
import { type Engine, writePast } from './past.ts'

/** Databases with a past of any length, made once and kept. */
export interface Pasts {
  engine: Engine
  /** DATABASE_URL of one with so many tasks. */
  withTasks(tasks: number): Promise<string>
  end(): Promise<void>
}

/** The engines of this machine; the run says so when PostgreSQL is not here. */
export function enginesHere(): Engine[] {
  if (hasPostgres()) return ['sqlite', 'postgres']
  process.stderr.write('PostgreSQL NOT MEASURED: it is not on this machine\n')
  return ['sqlite']
}

export async function openPasts(engine: Engine, { folder, kept }: Pick<Scale, 'folder' | 'kept'>): Promise<Pasts> {
  await mkdir(folder, { recursive: true })
  return engine === 'sqlite' ? inFiles(folder) : inCluster(kept ? join(folder, 'postgres') : undefined)
}

const inFiles = (folder: string): Pasts => ({
  engine: 'sqlite',
  async withTasks(tasks) {
    const file = join(folder, `past-${tasks}.db`)
    if (existsSync(file)) return `sqlite:${file}`
    const unfinished = `${file}.part`
    for (const end of ['', '-wal', '-shm']) await rm(unfinished + end, { force: true })
    const db = await openDatabase(`sqlite:${unfinished}`)
    try {
      // Cut off it is made anew. Sorting millions of names takes room.
      await sql`pragma synchronous = off`.execute(db)
      await sql`pragma cache_size = -500000`.execute(db)
      await writePast(db, 'sqlite', tasks)
      await sql`pragma wal_checkpoint(truncate)`.execute(db)
    } finally {
      await db.destroy()
    }
    await rename(unfinished, file)
    return `sqlite:${file}`
  },
  end: async () => {},
})

async function inCluster(folder: string | undefined): Promise<Pasts> {
  const cluster = await startPostgres(folder === undefined ? {} : { keepIn: folder })
  const urlOf = (name: string) => Object.assign(new URL(cluster.adminUrl), { pathname: `/${name}` }).href
  const ask = async (statement: string): Promise<number> => {
    const admin = await openDatabase(cluster.adminUrl)
    try {
      return (await sql.raw(statement).execute(admin)).rows.length
    } finally {
      await admin.destroy()
    }
  }
  return {
    engine: 'postgres',
    async withTasks(tasks) {
      const name = `past_${tasks}`
      if ((await ask(`select 1 from pg_database where datname = '${name}'`)) > 0) return urlOf(name)
      await ask(`drop database if exists ${name}_part`)
      await ask(`create database ${name}_part template template0`)
      const db = await openDatabase(urlOf(`${name}_part`))
      await writePast(db, 'postgres', tasks).finally(() => db.destroy())
      await ask(`alter database ${name}_part rename to ${name}`)
      return urlOf(name)
    },
    end: () => cluster.stop(),
  }
}
