import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  DAY,
  MINUTE,
  describeMoment,
  formatShanghai,
  parseShanghai,
  shanghaiParts,
  startOfMinute,
  startOfShanghaiDay,
} from './time.ts'

// From 1992, after China's last summer time, to the end of the century.
const moment = fc.integer({ min: Date.UTC(1992, 0), max: Date.UTC(2099, 11, 31) })
const at = (text: string): number => parseShanghai(text)!

afterEach(() => vi.unstubAllEnvs())

describe('Shanghai time', () => {
  it('is eight hours ahead of UTC', () => {
    const ms = Date.UTC(2026, 10, 24, 16, 5, 7, 999)
    expect(formatShanghai(ms)).toBe('2026-11-25 00:05')
    expect(shanghaiParts(ms)).toEqual({ year: 2026, month: 11, day: 25, hour: 0, minute: 5, second: 7, weekday: 3 })
  })

  it('says the same as the time zone database', () => {
    const zone = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Asia/Shanghai',
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    fc.assert(
      fc.property(moment, (ms) => {
        const { second } = shanghaiParts(ms)
        expect(`${formatShanghai(ms)}:${String(second).padStart(2, '0')}`).toBe(zone.format(ms))
      }),
    )
  })

  it.each(['UTC', 'Asia/Shanghai', 'America/New_York'])('is the same on a machine in %s', (zone) => {
    vi.stubEnv('TZ', zone)
    expect(formatShanghai(Date.UTC(2026, 2, 8, 7, 30))).toBe('2026-03-08 15:30')
    expect(parseShanghai('2026-03-08 15:30')).toBe(Date.UTC(2026, 2, 8, 7, 30))
    expect(describeMoment(at('2026-03-08 00:00'), at('2026-03-07 23:59'))).toBe('明天 00:00')
  })
})

it('a day begins at midnight in Shanghai', () => {
  for (const time of ['00:00', '07:59', '08:00', '23:59']) {
    expect(formatShanghai(startOfShanghaiDay(at(`2026-11-25 ${time}`)))).toBe('2026-11-25 00:00')
  }
})

describe('parseShanghai', () => {
  it('reads back every minute that was written', () => {
    fc.assert(
      fc.property(moment, (ms) => {
        expect(parseShanghai(formatShanghai(ms))).toBe(startOfMinute(ms))
      }),
    )
  })

  it('knows leap years', () => {
    expect(formatShanghai(at('2028-02-29 00:00') + DAY)).toBe('2028-03-01 00:00')
    expect(parseShanghai('2027-02-29 00:00')).toBeUndefined()
    expect(parseShanghai('2100-02-29 00:00')).toBeUndefined()
  })

  it.each(['', '2026-02-31 10:00', '2026-04-31 10:00', '2026-13-01 10:00', '2026-00-10 10:00', '2026-11-25 24:00'])(
    'refuses %j',
    (text) => expect(parseShanghai(text)).toBeUndefined(),
  )

  it.each(['2026-11-25 10:60', '2026-11-25T10:00', '2026-11-25 10:00:00', ' 2026-11-25 10:00', '0050-01-01 00:00'])(
    'refuses %j',
    (text) => expect(parseShanghai(text)).toBeUndefined(),
  )
})

describe('startOfMinute', () => {
  it('goes back less than a minute, to a whole one', () => {
    fc.assert(
      fc.property(moment, (ms) => {
        expect(startOfMinute(ms) % MINUTE).toBe(0)
        expect(ms - startOfMinute(ms)).toBeGreaterThanOrEqual(0)
        expect(ms - startOfMinute(ms)).toBeLessThan(MINUTE)
      }),
    )
  })
})

describe('describeMoment', () => {
  const now = at('2026-11-23 23:59')

  it.each([
    ['2026-11-23 00:00', '今天 00:00'],
    ['2026-11-24 09:30', '明天 09:30'],
    ['2026-11-22 14:05', '昨天 14:05'],
    ['2026-11-25 09:30', '11月25日 09:30'],
    ['2026-01-02 09:30', '1月2日 09:30'],
    ['2025-11-25 09:30', '2025年11月25日 09:30'],
    ['2027-01-01 00:00', '2027年1月1日 00:00'],
  ])('%s is 「%s」', (text, words) => {
    expect(describeMoment(at(text), now)).toBe(words)
  })

  it('prefers the near day to the year', () => {
    expect(describeMoment(at('2027-01-01 00:05'), at('2026-12-31 23:55'))).toBe('明天 00:05')
  })
})
