/**
 * Runs pieces of work side by side as long as they have room together; the others wait in the order they came.
 * @param room how much there is; each piece takes 1 unless it says how much, and at most all of it
 */
export function queue(room: number) {
  let free = room
  const waiting: { takes: number; enter: () => void }[] = []
  const admit = () => {
    while (waiting.length > 0 && waiting[0]!.takes <= free) {
      const { takes, enter } = waiting.shift()!
      free -= takes
      enter()
    }
  }
  return async <T>(work: () => Promise<T>, wanted = 1): Promise<T> => {
    const takes = Math.min(wanted, room)
    if (waiting.length === 0 && takes <= free) free -= takes
    // Its room is taken for it when it is let in, so that nobody slips in between.
    else await new Promise<void>((enter) => waiting.push({ takes, enter }))
    try {
      return await work()
    } finally {
      free += takes
      admit()
    }
  }
}
