import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { usePolling } from './usePolling.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const poll = (work: () => Promise<unknown>) => {
  const scope = effectScope()
  scope.run(() => usePolling(work, 1_000))
  return () => scope.stop()
}

it('asks again a pause after the last answer, also after a failure, until the page goes', async () => {
  const work = vi.fn(() => Promise.reject(new Error('down')))
  const stop = poll(work)
  await vi.advanceTimersByTimeAsync(2_500)
  expect(work).toHaveBeenCalledTimes(2)
  stop()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(work).toHaveBeenCalledTimes(2)
})

it('rests while nobody looks, and asks at once when somebody comes back', async () => {
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(false)
  const turn = (away: boolean) => {
    hidden.mockReturnValue(away)
    document.dispatchEvent(new Event('visibilitychange'))
  }
  const work = vi.fn(async () => undefined)
  const stop = poll(work)
  turn(true)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(work).not.toHaveBeenCalled()
  turn(false)
  expect(work).toHaveBeenCalledTimes(1)
  stop()
})
