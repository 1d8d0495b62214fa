import { expect, it } from 'vitest'
import type { Target } from './flow.ts'
import { publishingSays } from './says.ts'
import type { Composer } from './usePublishing.ts'

const part = (target: Target, ticked = false) => ({ target, ticked })
const both = (ticked: { wecom?: boolean; wechat?: boolean } = {}) => [
  part('wecom', ticked.wecom),
  part('wechat', ticked.wechat),
]

it("leads on to WeChat once WeCom's composer has been open", () => {
  const said = { words: '文案已复制，接着发表到微信朋友圈', trouble: false }
  expect(publishingSays({ copy: 'copied', composer: 'opened', parts: both() })).toEqual(said)
  expect(publishingSays({ copy: 'copied', composer: 'closed', parts: both({ wecom: true }) })).toEqual(said)
})

it('leads to the proof when nothing is left to publish', () => {
  const all = publishingSays({ copy: 'copied', composer: 'opened', parts: both({ wecom: true, wechat: true }) })
  expect(all.words).toBe('都发表好了，去上传凭证吧')
  const alone = publishingSays({ copy: 'copied', composer: 'opened', parts: [part('wecom')] })
  expect(alone.words).toBe('文案已复制，发表好了就去上传凭证')
})

it.each<[Composer, boolean]>([
  ['opening', false],
  ['opened', false],
  ['slow', true],
  ['cancelled', true],
  ['refused', true],
])('tells a composer that is %s as trouble: %s', (composer, trouble) => {
  expect(publishingSays({ copy: 'copied', composer, parts: both() }).trouble).toBe(trouble)
  expect(publishingSays({ copy: 'copied', composer, parts: both({ wecom: true }) }).trouble).toBe(false)
})

it('leads to the steps where nothing was copied', () => {
  expect(publishingSays({ copy: 'untouched', composer: 'closed', parts: [part('wechat')] }).words).toBe(
    '请按下面的步骤发表',
  )
})
