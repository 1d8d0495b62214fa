import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { createWecomClient } from '@qimeng/wecom'
import { type Logger, pino } from 'pino'
import { createApp } from './app.ts'
import { admitFirstAdmins } from './auth/admins.ts'
import { databaseTokenStore } from './auth/tokens.ts'
import { BlobsUnavailable } from './blobs/blobs.ts'
import { openBlobs, tryOut } from './blobs/open.ts'
import type { Config } from './config.ts'
import { claimInstallation } from './db/installation.ts'
import { refuseMoved } from './db/moved.ts'
import { openDatabase } from './db/open.ts'
import { logSlowQueries } from './db/slow-queries.ts'
import { upgrade } from './db/upgrade.ts'
import { holdAfterRestore } from './delivery/hold.ts'
import type { EmbeddedJobsParts } from './jobs/embedded.ts'
import type { Clock } from './jobs/jobs.ts'
import { openJobs } from './jobs/open.ts'
import { logContext } from './log-context.ts'
import { createMetrics } from './metrics.ts'
import { metricsPage } from './ops/metrics-page.ts'
import { workerPage } from './ops/worker-page.ts'
import type { Parts } from './parts.ts'
import { startWork } from './worker.ts'

/** How long (ms) requests and jobs under way may take to finish once the server is asked to stop. */
const GRACE = 8_000

/**
 * How long (ms) a connection without a request stays open: longer than any proxy keeps one, or it would now and then send
 * a request into a connection that is just being closed.
 */
const KEEP_ALIVE = 75_000

export interface RunningServer {
  parts: Parts
  port: number
  /**
   * Lets what is under way finish, then closes everything. Safe to call twice.
   * @param drain how long (ms) it still answers, and /readyz already says no, so that a proxy sends the next request elsewhere
   */
  stop(drain?: number): Promise<void>
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
    await meetBlobs(parts)
    await holdAfterRestore(parts)
    await admitFirstAdmins(parts)
    const leaving = new AbortController()
    const server = await listen(createServer({ keepAliveTimeout: KEEP_ALIVE }, pageOf(parts, leaving.signal)), config)
    const scraped = config.metrics && (await listen(createServer(metricsPage(parts)), config.metrics))
    if (config.role !== 'web') await startWork(parts)
    const { port } = server.address() as AddressInfo
    let stopping: Promise<void> | undefined
    return { parts, port, stop: (drain = 0) => (stopping ??= stop(parts, server, scraped, leaving, drain)) }
  } catch (error) {
    await parts.jobs.stop()
    await parts.db.destroy()
    throw error
  }
}

const pageOf = (parts: Parts, leaving: AbortSignal) =>
  parts.config.role === 'worker' ? workerPage(parts, leaving) : createApp(parts, leaving)

/** A store that is out of reach for the moment keeps no card from being sent; one that is set up wrongly stops the start. */
async function meetBlobs({ blobs, log }: Parts) {
  await tryOut(blobs).catch((error: unknown) => {
    if (!(error instanceof BlobsUnavailable && error.mayPass)) throw error
    log.warn({ err: error }, 'pictures and exports are out of reach')
  })
}

/** Everything the features work with, over a database that is up to date. Ends with `parts.db.destroy()`. */
export async function buildParts(config: Config, overrides: Overrides = {}): Promise<Parts> {
  const log = overrides.log ?? pino({ level: config.logLevel, mixin: logContext })
  const clock = overrides.clock ?? { now: () => Date.now() }
  const db = await openDatabase(config.databaseUrl, logSlowQueries(log, config.slowQuery))
  try {
    await upgrade(db, config.databaseUrl, clock.now())
    await refuseMoved(db)
    await claimInstallation(db, config.wecom.corpId, clock.now())
    return {
      config,
      log,
      clock,
      db,
      metrics: createMetrics(),
      blobs: await openBlobs(config),
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

async function stop(parts: Parts, server: Server, scraped: Server | null, leaving: AbortController, drain: number) {
  leaving.abort()
  const cutOff = setTimeout(() => server.closeAllConnections(), GRACE)
  const answered = delay(drain).then(() => close(server))
  await Promise.all([answered, parts.jobs.stop(answered)])
  clearTimeout(cutOff)
  scraped?.close()
  scraped?.closeAllConnections()
  await parts.db.destroy()
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Connections whose last answer went out before anybody could say that it was the last.
    const idle = setInterval(() => server.closeIdleConnections(), 50)
    server.close(() => resolve(clearInterval(idle)))
  })
}
