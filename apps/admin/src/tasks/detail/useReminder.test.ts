import { ApiError } from '@qimeng/contract/client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { within } from '../../test/within.ts'
import { useReminder } from './useReminder.ts'

const REMIND = 'POST /api/console/pushes/:pushId/reminders'
const REPORT = 'GET /api/console/pushes/:pushId/reminders/:round'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('follows a round until nobody waits any more, over a lost answer', async () => {
  const answers = [{ waiting: 2, reminded: 1 }, undefined, { waiting: 0, reminded: 2, failed: 1 }]
  const report = vi.fn(() => {
    const answer = answers.shift()
    if (!answer) throw new Error('lost')
    return { round: 1, failed: 0, unknown: 0, ...answer }
  })
  const { result } = within({ [REMIND]: () => ({ round: 1, queued: 3, skipped: 4 }), [REPORT]: report }, () =>
    useReminder('p1'),
  )
  await result.sending.run(null)
  expect(result.finished.value).toBe(false)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(result.report.value).toMatchObject({ queued: 3, skipped: 4, reminded: 2, failed: 1, waiting: 0 })
  expect(result.finished.value).toBe(true)
  expect(report).toHaveBeenCalledTimes(3)
})

it('is finished at once when everybody was skipped', async () => {
  const { result } = within({ [REMIND]: () => ({ round: null, queued: 0, skipped: 4 }) }, () => useReminder('p1'))
  await result.sending.run(['zhangsan'])
  expect(result.finished.value).toBe(true)
})

it('asks no more once the page is left, also while a question is under way', async () => {
  let answer = () => {}
  const report = vi.fn(
    () =>
      new Promise(
        (answered) => (answer = () => answered({ round: 1, waiting: 2, reminded: 0, failed: 0, unknown: 0 })),
      ),
  )
  const { result, leave } = within({ [REMIND]: () => ({ round: 1, queued: 2, skipped: 0 }), [REPORT]: report }, () =>
    useReminder('p1'),
  )
  await result.sending.run(null)
  leave()
  answer()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(report).toHaveBeenCalledTimes(1)
})

it('follows the last round only', async () => {
  let round = 0
  const asked: string[] = []
  const { result } = within(
    {
      [REMIND]: () => ({ round: ++round, queued: 2, skipped: 0 }),
      [REPORT]: (input) => {
        const { round: about } = input.params as { round: string }
        asked.push(about)
        return { round: Number(about), waiting: about === '1' ? 2 : 0, reminded: 2, failed: 0, unknown: 0 }
      },
    },
    () => useReminder('p1'),
  )
  await result.sending.run(['lisi'])
  await result.sending.run(['wangwu'])
  await vi.advanceTimersByTimeAsync(30_000)
  expect(asked).toEqual(['1', '2'])
  expect(result.finished.value).toBe(true)
})

it('does not ask for ever about a task that was deleted meanwhile', async () => {
  const report = vi.fn(() => {
    throw new ApiError({ code: 'not_found', message: '推送不存在或已删除' }, 404)
  })
  const { result } = within({ [REMIND]: () => ({ round: 1, queued: 2, skipped: 0 }), [REPORT]: report }, () =>
    useReminder('p1'),
  )
  await result.sending.run(null)
  await vi.advanceTimersByTimeAsync(30_000)
  expect(report).toHaveBeenCalledTimes(1)
})
