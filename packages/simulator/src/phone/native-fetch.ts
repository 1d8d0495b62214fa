import type { Person } from '../state/people.ts'
import type { State } from '../state/state.ts'
import { phoneOrigin } from './hosts.ts'
import { toApp } from './origin.ts'
import { phoneOptions } from './options.ts'
import { userAgent } from './user-agent.ts'

const LIMIT = 30 * 1024 * 1024

/**
 * How WeCom's native parts (picture viewer, long-press save, Moments composer) fetch a picture: without the page's cookies
 * (WECOM.md 5.6). Undefined when it cannot be had.
 */
export async function nativeFetch(state: State, person: Person, address: string): Promise<Buffer | undefined> {
  const url = toApp(address, state, phoneOrigin(state, person))
  if (!/^(https?:|data:image\/)/.test(url)) return undefined
  try {
    const headers = { 'user-agent': userAgent(phoneOptions(state, person.userid)) }
    const reply = await fetch(url, { headers, signal: AbortSignal.timeout(15_000) })
    if (!reply.ok || Number(reply.headers.get('content-length') ?? 0) > LIMIT) return undefined
    return Buffer.from(await reply.arrayBuffer())
  } catch {
    return undefined
  }
}
