import { HOUR, MINUTE } from '@qimeng/contract/time'
import { describe, expect, it } from 'vitest'
import { endWithoutCall, punctuality } from './timing.ts'

const minute = Date.UTC(2028, 1, 29, 1, 30)

describe('a push and its minute', () => {
  it.each([
    ['a millisecond before', -1, 'early'],
    ['on the dot', 0, 'on_time'],
    ['within its minute or the next', 2 * MINUTE, 'on_time'],
    ['after a pause of the server', 10 * MINUTE, 'late'],
    ['two hours after', 2 * HOUR, 'late'],
    ['more than two hours after', 2 * HOUR + 1, 'missed'],
    ['three days after', 72 * HOUR, 'missed'],
  ])('%s', (_when, lateness, expected) => {
    expect(punctuality(minute, minute + lateness)).toBe(expected)
  })
})

describe('a batch that may not be sent any more', () => {
  const fresh = {
    recipients: '["lisi"]',
    createdAt: minute,
    attemptedAt: null,
    firstAmbiguousAt: null,
    taskDeletedAt: null,
  }

  it('has never reached WeCom: after two hours an administrator decides', () => {
    expect(endWithoutCall(fresh, minute + 2 * HOUR)).toBeUndefined()
    expect(endWithoutCall(fresh, minute + 2 * HOUR + 1)).toMatchObject({ state: 'failed' })
  })

  it('may have reached WeCom: unknown before the four hours of the duplicate check are over', () => {
    const ambiguous = { ...fresh, firstAmbiguousAt: minute + HOUR }
    expect(endWithoutCall(ambiguous, minute + HOUR + 3 * HOUR + 49 * MINUTE)).toBeUndefined()
    expect(endWithoutCall(ambiguous, minute + HOUR + 3 * HOUR + 50 * MINUTE)).toMatchObject({ state: 'unknown' })
  })

  it('is a reminder of people who have executed since', () => {
    expect(endWithoutCall({ ...fresh, recipients: '[]' }, minute)).toMatchObject({ state: 'failed' })
  })

  it('belongs to a deleted task', () => {
    expect(endWithoutCall({ ...fresh, taskDeletedAt: minute }, minute)).toMatchObject({ state: 'failed' })
    const ambiguous = { ...fresh, firstAmbiguousAt: minute, taskDeletedAt: minute }
    expect(endWithoutCall(ambiguous, minute)).toMatchObject({ state: 'unknown' })
  })
})
