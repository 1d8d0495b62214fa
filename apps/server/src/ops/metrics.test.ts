import { pino } from 'pino'
import request from 'supertest'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { launch } from '../delivery/campaign.fixture.ts'
import { addToLogContext, inLogContext, logContext } from '../log-context.ts'
import { anImage } from '../test/builders.ts'
import { startWorld, type World } from '../test/world.ts'
import { metricsPage } from './metrics-page.ts'

let world: World
beforeEach(async () => {
  world = await startWorld()
  world.clock.hold()
})
afterEach(() => world.stop())

test('Prometheus learns of requests, cards, uploads and what waits', async () => {
  const admin = await world.admin('zhangsan')
  await admin('POST /api/console/images', { image: await anImage(), idempotencyKey: 'a' })
  const { taskId } = await launch(world, admin)
  await world.parts.jobs.idle()
  const { text } = await request(metricsPage(world.parts)).get('/metrics').expect(200)
  expect(text).toContain('moments_cards_total{kind="card",outcome="sent"} 2')
  expect(text).toContain('moments_delivery_lag_seconds_count 1')
  expect(text).toMatch(/moments_upload_bytes_total\{purpose="content"\} [1-9]/)
  expect(text).toContain('moments_messages_today 2')
  expect(text).toContain('moments_delivery_queue{state="ready"} 0')
  expect(text).toContain('moments_pushes_due 0')
  expect(text).toMatch(/moments_disk_free_bytes \d/)
  expect(text).toContain('method="GET",route="/api/console/tasks/:taskId",status="200"')
  expect(text).not.toContain(taskId)
})

test('the public sees none of it', async () => {
  expect((await world.browser().get('/metrics')).status).toBe(404)
})

test('lines of one request or job carry its number and its task, those of another do not', () => {
  const lines: Record<string, unknown>[] = []
  const log = pino({ mixin: logContext }, { write: (line) => void lines.push(JSON.parse(line) as never) })
  inLogContext({ requestId: 'r1' }, () => {
    addToLogContext({ taskId: 't1' })
    log.info('inside')
  })
  log.info('outside')
  expect(lines[0]).toMatchObject({ requestId: 'r1', taskId: 't1' })
  expect(lines[1]).not.toHaveProperty('requestId')
})
