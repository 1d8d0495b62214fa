import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createWecomClient } from '@qimeng/wecom'
import { type Logger, pino } from 'pino'
import { createApp } from './app.ts'
import { admitFirstAdmins } from './auth/admins.ts'
import { databaseTokenStore } from './auth/tokens.ts'
import { openDiskBlobs } from './blobs/disk.ts'
import type { Config } from './config.ts'
import { claimInstallation } from './db/installation.ts'
import { refuseMoved } from './db/moved.ts'
import { openDatabase } from './db/open.ts'
import { upgrade } from './db/upgrade.ts'
import { holdAfterRestore } from './delivery/hold.ts'
import type { EmbeddedJobsParts } from './jobs/embedded.ts'
import type { Clock } from './jobs/jobs.ts'
import { openJobs } from './jobs/open.ts'
import { logContext } from './log-context.ts'
import { createMetrics } from './metrics.ts'
import { metricsPage } from './ops/metrics-page.ts'
import type { Parts } from './parts.ts'
import { startWork } from './worker.ts'

/** How long (ms) requests and jobs under way may take to finish once the server is asked to stop. */
const GRACE = 8_000

export interface RunningServer {
  parts: Parts
  port: number
  /** Lets what is under way finish, then closes everything. Safe to call twice. */
  stop(): Promise<void>
}

export interface Overrides {
  clock?: Clock
  log?: Logger
  reached?: Parts['reached']
  /** How the job engine works, where a bench wants more workers or shorter leases. */
  jobs?: Pick<EmbeddedJobsParts, 'lanes' | 'leaseMs'>
}

/** Builds the parts, brings the database up to date, listens and begins to work. */
export async function startServer(config: Config, overrides: Overrides = {}): Promise<RunningServer> {
  const parts = await buildParts(config, overrides)
  try {
    await holdAfterRestore(parts)
    await admitFirstAdmins(parts)
    const server = await listen(createServer(createApp(parts)), config)
    const scraped = config.metrics && (await listen(createServer(metricsPage(parts)), config.metrics))
    await startWork(parts)
    const { port } = server.address() as AddressInfo
    let stopping: Promise<void> | undefined
    return { parts, port, stop: () => (stopping ??= stop(parts, server, scraped)) }
  } catch (error) {
    await parts.jobs.stop()
    await parts.db.destroy()
    throw error
  }
}

/** Everything the features work with, over a database that is up to date. Ends with `parts.db.destroy()`. */
export async function buildParts(config: Config, overrides: Overrides = {}): Promise<Parts> {
  const log = overrides.log ?? pino({ level: config.logLevel, mixin: logContext })
  const clock = overrides.clock ?? { now: () => Date.now() }
  const db = await openDatabase(config.databaseUrl)
  try {
    await upgrade(db, config.databaseUrl, clock.now())
    await refuseMoved(db)
    const installation = await claimInstallation(db, config.wecom.corpId, clock.now())
    return {
      config,
      log,
      clock,
      db,
      metrics: createMetrics(),
      installation,
      blobs: await openDiskBlobs(`${config.dataDir}/blobs`),
      jobs: await openJobs(config.databaseUrl, { db, clock, log, ...overrides.jobs }),
      wecom: createWecomClient(config.wecom, { tokens: databaseTokenStore(db), now: clock.now, log }),
      reached: overrides.reached ?? (() => {}),
    }
  } catch (error) {
    await db.destroy()
    throw error
  }
}

function listen(server: Server, { port, host }: { port: number; host: string }): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve(server.off('error', reject)))
  })
}

async function stop(parts: Parts, server: Server, scraped: Server | null) {
  scraped?.close()
  scraped?.closeAllConnections()
  const cutOff = setTimeout(() => server.closeAllConnections(), GRACE)
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  await Promise.all([closed, parts.jobs.stop()])
  clearTimeout(cutOff)
  await parts.db.destroy()
}
