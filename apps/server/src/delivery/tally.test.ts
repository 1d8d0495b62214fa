import { expect, it } from 'vitest'
import { tally } from './tally.ts'

it('counts people, not batches; those named in an answer did not get it', () => {
  const recipients = JSON.stringify(['a', 'b', 'c'])
  expect(
    tally([
      { state: 'sent', recipients, refused: JSON.stringify({ b: '账号没有企业微信接口许可' }) },
      { state: 'sending', recipients, refused: null },
      { state: 'blocked', recipients: '["d"]', refused: null },
      { state: 'failed', recipients, refused: null },
      { state: 'unknown', recipients: '["e"]', refused: null },
    ]),
  ).toEqual({ waiting: 4, delivered: 2, failed: 4, unknown: 1 })
})
