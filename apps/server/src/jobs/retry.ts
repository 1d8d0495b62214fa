/** Together 30 to 60 minutes of trying; a job that still fails then needs a person. WeCom's outages use RetryLater. */
export const MAX_ATTEMPTS = 20

const FIRST_DELAY_MS = 1_000
const LONGEST_DELAY_MS = 5 * 60_000

/**
 * How long to wait after the given failed attempt (1 is the first): doubled each time, up to five minutes, and between
 * half and all of that, so that jobs which failed together do not come back together.
 */
export function retryDelay(attempt: number, random: () => number = Math.random): number {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1))
  return Math.round(longest * (0.5 + random() / 2))
}
