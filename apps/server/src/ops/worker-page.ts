import express, { type Express } from 'express'
import type { Parts } from '../parts.ts'
import { healthRoutes } from './health.ts'
import { metricsPage } from './metrics-page.ts'

/** What a process that only works answers: nothing to people. No proxy leads to it, so its numbers are here, too. */
export function workerPage(parts: Parts, leaving: AbortSignal): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(healthRoutes(parts, leaving))
  if (!parts.config.metrics) app.use(metricsPage(parts))
  return app
}
