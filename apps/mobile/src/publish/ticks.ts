import { targetsOf, type Target } from './flow.ts'

const key = (userid: string, pushId: string) => `qimeng.published.${userid}.${pushId}`

/** What the employee ticked off on this phone; WeCom cannot tell us whether a post was published (WECOM.md 5.6). */
export function readTicks(userid: string, pushId: string): Set<Target> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key(userid, pushId)) ?? '[]')
    return new Set(Array.isArray(stored) ? targetsOf('all').filter((target) => stored.includes(target)) : [])
  } catch {
    // Storage switched off, or filled by something else: nothing is remembered then.
    return new Set()
  }
}

export function writeTicks(userid: string, pushId: string, ticked: ReadonlySet<Target>): void {
  try {
    localStorage.setItem(key(userid, pushId), JSON.stringify([...ticked]))
  } catch {
    // Full or switched off: the ticks last as long as the page.
  }
}
