export const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!

/**
 * Runs these after one another, round by round, so that what else the machine does hits all alike. What each gave in every
 * round but the first, which warms up caches and compiler.
 */
export async function interleaved<Result>(runs: (() => Promise<Result>)[], rounds: number): Promise<Result[][]> {
  const results = runs.map((): Result[] => [])
  for (let round = -1; round < rounds; round++) {
    for (const [at, run] of runs.entries()) {
      const result = await run()
      if (round >= 0) results[at]!.push(result)
    }
  }
  return results
}

/** Medians in ms. */
export async function timed(runs: (() => Promise<unknown>)[], rounds: number): Promise<number[]> {
  const timers = runs.map((run) => async () => {
    const started = performance.now()
    await run()
    return performance.now() - started
  })
  return (await interleaved(timers, rounds)).map(median)
}
