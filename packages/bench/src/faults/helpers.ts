import { readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type Caller, type ConsoleApi, MINUTE, type NewTask, startOfMinute } from '@qimeng/contract'

/** QUALITY.md 1: work resumes within a minute of a crash. What takes longer has failed. */
const PATIENCE = MINUTE

/** A task as the form sends it, with one push that is due in the current minute. */
export const aTask = (change: Partial<NewTask>, now: number): NewTask => ({
  name: '秋季新品上市',
  executors: ['zhangsan', 'lisi'],
  sendScope: 'wechat',
  hint: '请发表到微信朋友圈',
  pushes: [aPush(startOfMinute(now))],
  ...change,
})

export const aPush = (scheduledAt: number): NewTask['pushes'][number] => ({
  ...{ name: '第一条', scheduledAt, text: '新品到店，欢迎来试[微笑]', images: [], link: null },
})

/** Creates what is due in the current minute. When that ended on the way it was refused, and is created in the next one. */
export async function inItsMinute<T>(now: () => number, create: (minute: number) => Promise<T>): Promise<T> {
  const minute = startOfMinute(now())
  try {
    return await create(minute)
  } catch (error) {
    const tooLate = startOfMinute(now()) > minute
    if (!tooLate || (error as { code?: string }).code !== 'invalid') throw error
    return inItsMinute(now, create)
  }
}

/** Asks again and again until the answer is yes. @throws after a minute, or so many ms, naming what did not come */
export async function until<T>(what: string, ask: () => Promise<T | false>, patience = PATIENCE): Promise<T> {
  const end = performance.now() + patience
  for (;;) {
    const answer = await ask()
    if (answer !== false) return answer
    if (performance.now() > end) throw new Error(`waited for ${patience / MINUTE} min in vain until ${what}`)
    await delay(50)
  }
}

export async function withTimeout<T>(work: Promise<T>, what: string): Promise<T> {
  const timeout = new AbortController()
  const late = delay(PATIENCE, undefined, { signal: timeout.signal }).then(() => {
    throw new Error(`waited for a minute in vain until ${what}`)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    timeout.abort()
    late.catch(() => {})
  }
}

/** Takes one after the other off the list, until nothing is left: several can do so side by side. */
export async function takeTurns<T>(left: T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one)
}

/** Everybody an administrator can choose. */
export async function everybody(admin: Caller<ConsoleApi>): Promise<string[]> {
  const userids: string[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: { limit: number; cursor?: string } = { limit: 1000, ...(cursor ? { cursor } : {}) }
    const page: { rows: { userid: string }[]; next: string | null } = await admin('GET /api/console/people', { query })
    userids.push(...page.rows.map(({ userid }) => userid))
    cursor = page.next
  }
  return userids
}

/** Requests that a dying server cut off are made again when it is back, as a browser's retry does. */
export async function persist<T>(request: () => Promise<T>): Promise<T> {
  return until('the server answers', () =>
    request().catch((error: { code?: string; status?: number }) => {
      if (error.status === 0 || error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET') return false
      throw error
    }),
  )
}

/** WeCom must know the server's address before the server listens, so the port is chosen first. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

export const lastLines = async (file: string): Promise<string> =>
  (await readFile(file, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-10).join('\n')

/** Mulberry32: the same numbers for the same seed, so that a run that failed can be had again. */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
