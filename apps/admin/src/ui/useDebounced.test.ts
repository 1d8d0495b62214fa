import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick } from 'vue'
import { useDebounced } from './useDebounced.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('waits 300 ms after the last key, or for Enter', async () => {
  const apply = vi.fn()
  const { typed, flush } = effectScope().run(() => useDebounced('', apply))!
  for (const text of ['双', '双十', '双十一 ']) {
    typed.value = text
    await nextTick()
    vi.advanceTimersByTime(299)
  }
  expect(apply).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(apply.mock.calls).toEqual([['双十一']])
  typed.value = '双十二'
  await nextTick()
  flush()
  vi.runAllTimers()
  expect(apply.mock.calls).toEqual([['双十一'], ['双十二']])
})
