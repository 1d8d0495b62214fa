import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { HOUR, startOfMinute } from '@qimeng/contract'
import { aScreenshot } from '../../../../scripts/seed/pictures.ts'
import { aPush, aTask } from '../faults/helpers.ts'
import { hold } from '../faults/scenario.ts'
import type { Company } from './company.ts'

export interface Rolling {
  /** Made and answered meanwhile. */
  requests: number
}

/** Every web process in turn is told to stop and replaced, while people go on reading, writing and uploading. */
export async function rollingRestart(company: Company): Promise<Rolling> {
  const admin = await company.console('zhangsan')
  const picture = await aScreenshot(2)
  // So many of each at once, each asking again this soon (ms) after its answer; nobody asks twice for the same.
  const kinds: [count: number, pause: number, () => Promise<unknown>][] = [
    [2, 5, () => admin('GET /api/console/session')],
    [2, 20, () => admin('GET /api/console/messages', { query: {} })],
    [1, 20, () => admin('POST /api/console/messages/read', { body: { ids: null } })],
    [1, 50, () => admin('POST /api/console/tasks', { body: aLaterTask(), idempotencyKey: randomUUID() })],
    [1, 250, () => admin('POST /api/console/images', { image: picture, idempotencyKey: randomUUID() })],
  ]
  let requests = 0
  const failures: string[] = []
  let over = false
  const ask = async (pause: number, request: () => Promise<unknown>) => {
    while (!over) {
      requests += 1
      await request().catch((error: Error) => failures.push(error.message))
      await delay(pause)
    }
  }
  const people = kinds.flatMap(([count, pause, request]) => Array.from({ length: count }, () => ask(pause, request)))
  for (const web of [...company.webs]) await company.restartWeb(web)
  over = true
  await Promise.all(people)
  hold(failures.length === 0, `every request is answered (${failures.length} were not: ${failures[0]})`)
  return { requests }
}

function aLaterTask() {
  const now = Date.now()
  return aTask({ pushes: [aPush(startOfMinute(now) + HOUR)] }, now)
}
