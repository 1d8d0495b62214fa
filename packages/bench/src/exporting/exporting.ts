import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createCaller, type Caller, type ConsoleApi } from '@qimeng/contract'
import axios from 'axios'
import type { Figure } from '../figures.ts'
import { interleaved, median } from '../measure.ts'
import type { Scale } from '../scale.ts'
import { serveFile } from '../servers.ts'
import { companyWithPushes, pushOf } from './company.ts'

const MB = 1024 * 1024
/** How often (ms) the server's memory is looked at, and the message centre. */
const LOOK_EVERY = 25

interface Watched {
  ms: number
  /** Bytes above what the server had before. */
  peak: number
  loopP99: number
}

/** P6: exports beside SheetJS alone, and what they do to the server meanwhile. */
export async function exporting(scale: Scale): Promise<Figure[]> {
  const { rows, manyRows, settle } = scale.exports
  const folder = await mkdtemp(join(tmpdir(), 'qimeng-export-'))
  const bare = await startBare(rows)
  try {
    const file = join(folder, 'moments.db')
    const cookie = await companyWithPushes(file, [rows, manyRows])
    const server = await serveFile(file)
    const call = createCaller<ConsoleApi>(axios.create({ baseURL: server.url, proxy: false, headers: { cookie } }))
    try {
      const exportOf = (size: number) => watch(server, () => exportWhole(call, pushOf(size)))
      const [ours, theirs] = await interleaved([() => exportOf(rows), bare.write], scale.rounds)
      await delay(settle)
      const before = (await server.used()).rss
      await exportOf(rows)
      await delay(settle)
      const after = (await server.used()).rss
      const many = await exportOf(manyRows)
      const of = (key: keyof Watched) => median((ours as Watched[]).map((round) => round[key]))
      return [
        {
          what: `P6 export of ${rows} rows / SheetJS alone`,
          ...{ ours: of('ms'), bare: median((theirs as Watched[]).map(({ ms }) => ms)), unit: 'ms' },
          bar: { atMost: 1.3 },
        },
        {
          what: 'P6 delay of the event loop meanwhile, p99 / 50 ms',
          ...{ ours: of('loopP99'), bare: 50, unit: 'ms', bar: { atMost: 1 } },
        },
        {
          what: `P6 memory ${settle / 1000} s later / before`,
          ...{ ours: after / MB, bare: before / MB, unit: 'MB', bar: { atMost: 1.25 } },
        },
        {
          what: `P6 export of ${manyRows} rows, peak above / 500 MB`,
          ...{ ours: Math.max(many.peak / MB, 0.01), bare: 500, unit: 'MB', bar: { atMost: 1 } },
        },
        { what: `P6 export of ${manyRows} rows`, ours: many.ms, unit: 'ms' },
      ]
    } finally {
      await server.stop()
    }
  } finally {
    bare.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Until the file can be fetched. */
async function exportWhole(call: Caller<ConsoleApi>, pushId: string) {
  const { exportId } = await call('POST /api/console/pushes/:pushId/exports', {
    params: { pushId },
    body: { state: 'done' },
  })
  for (;;) {
    const { rows } = await call('GET /api/console/messages')
    const state = rows.find((message) => message.export?.id === exportId)?.export?.state
    if (state === 'done') return
    if (state === 'failed') throw new Error(`the export of ${pushId} failed`)
    await delay(LOOK_EVERY)
  }
}

async function watch(server: Awaited<ReturnType<typeof serveFile>>, work: () => Promise<void>): Promise<Watched> {
  const before = await server.used({ anew: true })
  let peak = before.rss
  let isDone = false
  const started = performance.now()
  const done = work().finally(() => (isDone = true))
  const watching = (async () => {
    while (!isDone) {
      peak = Math.max(peak, (await server.used()).rss)
      await delay(LOOK_EVERY)
    }
  })()
  await done
  const ms = performance.now() - started
  await watching
  return { ms, peak: peak - before.rss, loopP99: (await server.used()).loopP99 }
}

async function startBare(rows: number) {
  const child = fork(join(import.meta.dirname, 'bare-export.process.ts'), [String(rows)])
  await once(child, 'message')
  return {
    async write(): Promise<Watched> {
      child.send('write')
      const [{ ms }] = (await once(child, 'message')) as [{ ms: number }]
      return { ms, peak: 0, loopP99: 0 }
    },
    stop: () => void child.kill(),
  }
}
