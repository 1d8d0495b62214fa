import autocannon, { type Client, type Result } from 'autocannon'
import { interleaved, median } from './measure.ts'
import type { Scale } from './scale.ts'
import type { Used } from './servers.ts'

const CONNECTIONS = 50
/** How often (ms) autocannon looks whether a number of requests has been answered: once a second, if one does not say. */
const LOOK_EVERY = 20

export interface Target {
  url: string
  /** What the process behind it has used until now. */
  used(): Promise<Used>
}

/** What autocannon saw, and the milliseconds of processor time that the server took for a request. */
export type Round = Result & { cpu: number }

/** Loads these addresses in turn, round by round, by these people in turn. Each must answer 200 every time. */
export async function loads(targets: Target[], people: Record<string, string>[], scale: Scale): Promise<Round[][]> {
  let connections = 0
  // Each connection is another person's: one person may not ask as often as they all together.
  const setupClient = (client: Client) => client.setHeaders(people[(connections += 1) % people.length]!)
  const load = 'amount' in scale.load ? { ...scale.load, sampleInt: LOOK_EVERY } : scale.load
  const runs = targets.map(({ url, used }) => async () => {
    const before = await used()
    const result = await autocannon({ url, setupClient, connections: CONNECTIONS, ...load })
    const failed = result.non2xx + result.errors + result.timeouts
    if (failed > 0 || result['2xx'] === 0) throw new Error(`${failed} requests of ${url} failed`)
    return { ...result, cpu: ((await used()).cpu - before.cpu) / result['2xx'] }
  })
  return interleaved(runs, scale.rounds)
}

export const reqPerSecond = (rounds: Result[]) =>
  median(rounds.map(({ '2xx': answered, start, finish }) => (answered * 1000) / (Number(finish) - Number(start))))
export const cpuOf = (rounds: Round[]) => median(rounds.map(({ cpu }) => cpu))
export const p99 = (rounds: Result[]) => median(rounds.map(({ latency }) => latency.p99))
