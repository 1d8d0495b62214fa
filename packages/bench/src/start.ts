import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from './faults/helpers.ts'
import type { Figure } from './figures.ts'
import { median } from './measure.ts'
import type { Scale } from './scale.ts'
import { useridOf, manyTasks } from './tasks/data.ts'

const MAIN = fileURLToPath(import.meta.resolve('../../../apps/server/src/main.ts'))
const ASK_EVERY = 5
const MOST_MS = 1500
const MOST_MB = 150

/** P11: from the start of the process to the first good answer of /readyz, over a database that is there; idle memory. */
export async function start(scale: Scale): Promise<Figure[]> {
  const file = await manyTasks(scale.folder, { ...scale, tasks: scale.ownTasks })
  // As the units of deploy/ have it, where the start before has left what it compiled.
  await startOnce(file, 0)
  const rounds = []
  for (let round = 0; round < scale.rounds; round++) rounds.push(await startOnce(file, scale.idleAfter))
  return [
    {
      what: `P11 start to /readyz / ${MOST_MS} ms`,
      ...{ ours: median(rounds.map(({ ms }) => ms)), bare: MOST_MS, unit: 'ms', bar: { atMost: 1 } },
    },
    {
      what: `P11 idle memory / ${MOST_MB} MB`,
      ...{ ours: median(rounds.map(({ mb }) => mb)), bare: MOST_MB, unit: 'MB', bar: { atMost: 1 } },
    },
  ]
}

async function startOnce(file: string, idleAfter: number) {
  const port = await freePort()
  const started = performance.now()
  const server = spawn(process.execPath, [MAIN], {
    env: {
      ...{ PATH: process.env.PATH, PORT: String(port), DATABASE_URL: `sqlite:${file}`, DATA_DIR: `${file}.data` },
      ...{ ADMIN_USERIDS: useridOf(0), WECOM_CORP_ID: 'bench', WECOM_AGENT_ID: '1', WECOM_SECRET: 'bench' },
      NODE_COMPILE_CACHE: `${file}.data/compiled`,
      // No WeCom answers: nothing here needs one.
      WECOM_API_URL: 'http://127.0.0.1:9',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const gone = once(server, 'exit')
  try {
    while (!(await isReady(port))) {
      if (server.exitCode !== null) throw new Error('the server ended before it was ready')
      await delay(ASK_EVERY)
    }
    const ms = performance.now() - started
    await delay(idleAfter)
    const kilobytes = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(server.pid)]))
    return { ms, mb: kilobytes / 1024 }
  } finally {
    server.kill('SIGTERM')
    await gone
  }
}

const isReady = (port: number) =>
  fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )
