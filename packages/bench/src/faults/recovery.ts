import type { Passing } from './wire.ts'

/** A batch's link in its card: no other call has it, and every repeat of this one. */
const BATCH = /\/m\/pushes\/\w+\?b=\w+/

/**
 * How long after a death the work that it interrupted went on: for each call that was cut, up to its repeat, and for each
 * push that nobody had sent yet, up to its first call. A server that dies again before has to begin again, so the time
 * counts from its last death. What waits because WeCom refused it is not held up by a death.
 * @param calls of message/send, oldest first
 * @param deaths when the server died (ms), earliest first
 * @param created when each of the pushes was asked for (ms), by id
 */
export function slowestRecovery(
  calls: readonly Passing[],
  deaths: readonly number[],
  created: ReadonlyMap<string, number>,
): number {
  const before = new Map<string, Passing>()
  let slowest = 0
  for (const call of calls) {
    const link = BATCH.exec(call.body)?.[0]
    if (link === undefined) continue
    const previous = before.get(link)
    before.set(link, call)
    const since = previous ? previous.at : created.get(link.split(/[/?]/)[3]!)
    if (since === undefined) continue
    const between = deaths.filter((death) => death > since && death <= call.at)
    const wasHeldUp = previous === undefined || between.some((death) => (previous.answeredAt ?? Infinity) > death)
    if (wasHeldUp && between.length > 0) slowest = Math.max(slowest, call.at - between.at(-1)!)
  }
  return slowest
}
