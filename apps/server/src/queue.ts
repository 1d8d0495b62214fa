/**
 * Runs at most `atOnce` pieces of work at the same time; the others wait. A free place goes to whoever has the fewest, in
 * turn: one person who brings much keeps himself waiting and nobody else. Work of nobody in particular is done in its order.
 */
export function queue(atOnce: number) {
  let free = atOnce
  const lines = new Map<string, (() => void)[]>()
  const places = new Map<string, number>()
  const taken = (who: string) => places.get(who) ?? 0

  const wait = (who: string) =>
    new Promise<void>((begin) => {
      const line = lines.get(who)
      if (line) line.push(begin)
      else lines.set(who, [begin])
    })
  const enter = (who: string) => void places.set(who, taken(who) + 1)
  const leave = (who: string) => {
    if (taken(who) > 1) places.set(who, taken(who) - 1)
    else places.delete(who)
  }
  /** The place goes to the next one directly, so that nobody slips in between. */
  const passOn = () => {
    let next: string | undefined
    for (const who of lines.keys()) if (next === undefined || taken(who) < taken(next)) next = who
    if (next === undefined) return void (free += 1)
    const line = lines.get(next)!
    const begin = line.shift()!
    lines.delete(next)
    if (line.length > 0) lines.set(next, line)
    enter(next)
    begin()
  }

  return async <T>(work: () => Promise<T>, who = ''): Promise<T> => {
    if (free > 0) {
      free -= 1
      enter(who)
    } else await wait(who)
    try {
      return await work()
    } finally {
      leave(who)
      passOn()
    }
  }
}
