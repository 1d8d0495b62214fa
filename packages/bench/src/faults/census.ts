import type { Delivered } from './wecom.ts'

/** These people should have so many cards of this push on their phones, and nobody else any. */
export interface Expected {
  pushId: string
  executors: readonly string[]
  /** 1 when absent. */
  cards?: number
}

/** Cards that are not there, and cards too many, on all phones. */
export function census(
  messages: readonly Delivered[],
  expected: readonly Expected[],
): { lost: number; doubled: number } {
  const found = new Map<string, number>()
  for (const { userid, url } of messages) {
    const pushId = /\/m\/pushes\/(\w+)/.exec(url ?? '')?.[1]
    const key = `${pushId}/${userid.toLowerCase()}`
    found.set(key, (found.get(key) ?? 0) + 1)
  }
  let lost = 0
  let doubled = 0
  for (const { pushId, executors, cards = 1 } of expected) {
    const executor = new Set(executors.map((userid) => `${pushId}/${userid.toLowerCase()}`))
    for (const key of executor) {
      const difference = (found.get(key) ?? 0) - cards
      lost += Math.max(0, -difference)
      doubled += Math.max(0, difference)
    }
    for (const [key, count] of found) if (key.startsWith(`${pushId}/`) && !executor.has(key)) doubled += count
  }
  return { lost, doubled }
}
