import { MINUTE } from '@qimeng/contract/time'
import { WecomError, WecomUnreachable } from '@qimeng/wecom'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoff, outcomeOfAnswer, outcomeOfError } from './outcome.ts'

const answer = {
  msgId: 'm1',
  invalidUsers: new Set<string>(),
  unlicensedUsers: new Set<string>(),
  responseCode: undefined,
}
const refusal = (errcode: number) => new WecomError('/cgi-bin/message/send', errcode, 'no')
const first = { number: 1, afterAmbiguous: false }
const repeated = { number: 2, afterAmbiguous: true }

describe('what an answer means', () => {
  it('matches the people WeCom names, who come back lower-cased, without case', () => {
    const named = { ...answer, invalidUsers: new Set(['zhangsan']), unlicensedUsers: new Set(['guwen-03']) }
    expect(outcomeOfAnswer(named, ['ZhangSan', 'lisi', 'GuWen-03', 'constructor'])).toEqual({
      state: 'sent',
      msgid: 'm1',
      responseCode: null,
      refused: new Map([
        ['ZhangSan', '账号已离职，或不在应用可见范围内'],
        ['GuWen-03', '账号没有企业微信接口许可'],
      ]),
    })
  })
})

describe('what a failure means', () => {
  it('is open when WeCom may have read the call, and certainly not sent when it cannot have', () => {
    const lost = new WecomUnreachable('socket hang up', { ambiguous: true })
    const refused = new WecomUnreachable('ECONNREFUSED', { ambiguous: false })
    expect(outcomeOfError(lost, first)).toMatchObject({ state: 'sending' })
    expect(outcomeOfError(refused, first)).toMatchObject({ state: 'ready' })
  })

  it.each([-1, 6000, 45009, 45033, 42001])('%i comes again', (errcode) => {
    expect(outcomeOfError(refusal(errcode), first)).toMatchObject({ state: 'ready', errcode })
  })

  it('waits out the minute for which WeCom blocks who was too fast', () => {
    expect(outcomeOfError(refusal(45009), first)).toHaveProperty(
      'afterMs',
      expect.toSatisfy((ms) => ms > MINUTE),
    )
  })

  it.each([60020, 40001, 301002, 48002, 50003])('%i is for an administrator to cure', (errcode) => {
    const outcome = outcomeOfError(refusal(errcode), first)
    expect(outcome).toMatchObject({ state: 'blocked', errcode })
    expect(outcome).toHaveProperty('reason', expect.stringMatching(/\p{Script=Han}/u))
  })

  it('81013: nobody in the call can be reached', () => {
    expect(outcomeOfError(refusal(81013), first)).toMatchObject({
      state: 'failed',
      reason: '账号已离职，或不在应用可见范围内',
    })
  })

  it('a code nobody knows fails with its number', () => {
    expect(outcomeOfError(refusal(99999), first)).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('99999'),
    })
  })

  it('a refusal of the repeat says nothing about the first call', () => {
    expect(outcomeOfError(refusal(81013), repeated)).toMatchObject({ state: 'unknown' })
    expect(outcomeOfError(refusal(42014), repeated)).toMatchObject({ state: 'unknown' })
  })

  it('passes our own mistakes on', () => {
    const mistake = new TypeError('ours')
    expect(() => outcomeOfError(mistake, first)).toThrow(mistake)
  })
})

describe('the pause before the next attempt', () => {
  it('doubles up to two minutes, half of it by chance', () => {
    expect([1, 2, 3].map((attempt) => backoff(attempt, () => 1))).toEqual([2_000, 4_000, 8_000])
    expect([1, 2, 3].map((attempt) => backoff(attempt, () => 0))).toEqual([1_000, 2_000, 4_000])
    fc.assert(
      fc.property(fc.integer({ min: 7, max: 10_000 }), (attempt) => {
        const ms = backoff(attempt)
        expect(ms).toBeGreaterThanOrEqual(MINUTE)
        expect(ms).toBeLessThanOrEqual(2 * MINUTE)
      }),
    )
  })
})
