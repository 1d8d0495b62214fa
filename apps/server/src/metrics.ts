import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'

/** What is counted while it happens; what can be looked up when somebody asks is in ops/gauges.ts. */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    requests: new Histogram({
      name: 'moments_http_request_seconds',
      help: 'Requests by method, route and status',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: [0.005, 0.025, 0.1, 0.5, 2, 10],
      registers,
    }),
    cards: new Counter({
      name: 'moments_cards_total',
      help: 'Cards and reminders by what became of them, one for each person',
      labelNames: ['kind', 'outcome'] as const,
      registers,
    }),
    lag: new Histogram({
      name: 'moments_delivery_lag_seconds',
      help: 'From the freezing of a call to the moment WeCom had accepted it',
      buckets: [0.5, 1, 5, 15, 60, 300, 1800, 7200],
      registers,
    }),
    uploads: new Counter({
      name: 'moments_upload_bytes_total',
      help: 'Stored bytes of uploaded pictures by purpose',
      labelNames: ['purpose'] as const,
      registers,
    }),
    exports: new Counter({
      name: 'moments_exports_total',
      help: 'Exports by what became of them',
      labelNames: ['outcome'] as const,
      registers,
    }),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
