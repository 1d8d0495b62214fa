import { isDeepStrictEqual } from 'node:util'
import type { Figure } from './figures.ts'
import { cpuOf, loads, p99, reqPerSecond } from './load.ts'
import type { Scale } from './scale.ts'
import { serveBare, serveTasks } from './servers.ts'

/** P1: the list's first page, everything on, beside a handler that runs the same queries and nothing else. */
export async function list(scale: Scale): Promise<Figure[]> {
  const server = await serveTasks(scale)
  const bare = await serveBare(server.file)
  try {
    await expectSame(server.listUrl({}), bare.url, server.people[0]!)
    const targets = [{ url: server.listUrl({}), used: server.used }, bare]
    const [ours, theirs] = await loads(targets, server.people, scale)
    return [
      {
        what: 'P1 task list, 20 rows',
        ...{ ours: reqPerSecond(ours!), bare: reqPerSecond(theirs!), unit: 'req/s', bar: { atLeast: 0.6 } },
      },
      {
        what: 'P1 task list, p99 at 50 connections',
        ...{ ours: p99(ours!), bare: p99(theirs!), unit: 'ms', bar: { atMost: 2.5 } },
      },
      // Steadier than the others where a machine has more to do.
      { what: 'P1 task list, processor time of a request', ours: cpuOf(ours!), bare: cpuOf(theirs!), unit: 'ms' },
    ]
  } finally {
    await bare.stop()
    await server.stop()
  }
}

/** Both must say the same, or the comparison is worth nothing. Only the cursors are written differently. */
async function expectSame(url: string, bareUrl: string, headers: Record<string, string>) {
  const [ours, theirs] = await Promise.all(
    [url, bareUrl].map(async (address) => (await (await fetch(address, { headers })).json()) as Page),
  )
  for (const part of ['rows', 'total'] as const) {
    if (!isDeepStrictEqual(ours![part], theirs![part])) throw new Error(`the two differ in ${part}`)
  }
}

interface Page {
  rows: unknown[]
  total: number
}
