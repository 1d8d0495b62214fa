import express, { type Express } from 'express'
import type { Parts } from '../parts.ts'
import { registerGauges } from './gauges.ts'

/** /metrics for Prometheus, on a port of its own that no proxy leads to (docs/decisions/0015). */
export function metricsPage(parts: Parts): Express {
  const { registry } = parts.metrics
  registerGauges(parts)
  const app = express()
  app.disable('x-powered-by')
  app.get('/metrics', async (_request, response) => {
    try {
      response.type(registry.contentType).send(await registry.metrics())
    } catch (error) {
      parts.log.error({ err: error }, 'the metrics could not be collected')
      response.status(500).end()
    }
  })
  return app
}
