import { pino } from 'pino'
import type { TestProject } from 'vitest/node'
import { migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import { openJobs } from '../jobs/open.ts'
import { createDatabase, startPostgres } from './postgres.ts'

/** Starts the cluster of the run on PostgreSQL, with a database in it that all others are copies of. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startPostgres()
  const template = 'moments_template'
  const url = await createDatabase(cluster.adminUrl, template)
  const db = await openDatabase(url)
  await migrate(db)
  const jobs = await openJobs(url, { db, clock: { now: () => Date.now() }, log: pino({ level: 'silent' }) })
  await jobs.stop()
  await db.destroy()
  project.provide('postgres', { adminUrl: cluster.adminUrl, template })
  return cluster.stop
}
