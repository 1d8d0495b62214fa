import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { within } from '../../test/within.ts'
import { canResend, useResend } from './useResend.ts'

const RESEND = 'POST /api/console/pushes/:pushId/resend'
const LIST = 'GET /api/console/pushes/:pushId/executions'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const listOf = (states: Record<string, string>) => ({
  rows: Object.entries(states).map(([userid, cardState]) => ({ userid, cardState })),
  next: null,
})

it('looks at the cards until each has an outcome, and counts who has executed meanwhile', async () => {
  const answers = [
    listOf({ a: 'pending', b: 'pending', c: 'pending', other: 'failed' }),
    listOf({ a: 'delivered', b: 'failed', other: 'failed' }),
  ]
  const list = vi.fn(() => answers.shift())
  const { result } = within({ [RESEND]: () => ({ queued: 3 }), [LIST]: list }, () => useResend('p1'))
  await result.sending.run(['a', 'b', 'c'])
  await vi.advanceTimersByTimeAsync(0)
  expect(result.report.value).toMatchObject({ waiting: 3 })
  expect(result.finished.value).toBe(false)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(result.report.value).toEqual({ queued: 3, waiting: 0, delivered: 1, failed: 1, unknown: 0, executed: 1 })
  expect(result.finished.value).toBe(true)
  expect(list).toHaveBeenCalledTimes(2)
})

it('asks no more once nobody looks', async () => {
  const list = vi.fn(() => listOf({ a: 'pending' }))
  const { result, leave } = within({ [RESEND]: () => ({ queued: 1 }), [LIST]: list }, () => useResend('p1'))
  await result.sending.run(['a'])
  leave()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(list).toHaveBeenCalledTimes(1)
})

it.each([
  ['failed', true, true],
  ['unknown', true, true],
  ['delivered', true, false],
  ['pending', true, false],
  ['failed', false, false],
] as const)('a card that is %s, to somebody active %s: %s', (cardState, active, may) => {
  expect(canResend({ cardState, active })).toBe(may)
})
