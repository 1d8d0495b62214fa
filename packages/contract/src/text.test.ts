import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WECHAT_EMOJI } from './emoji.ts'
import { countCharacters, drawEmoji } from './text.ts'

const code = fc.constantFrom(...WECHAT_EMOJI.map((emoji) => emoji.code))

describe('WECHAT_EMOJI', () => {
  it('lists the 109 codes of the panel once each, with one drawn character each', () => {
    expect(WECHAT_EMOJI).toHaveLength(109)
    expect(new Set(WECHAT_EMOJI.map((emoji) => emoji.code)).size).toBe(109)
    for (const { code, unicode } of WECHAT_EMOJI) {
      expect(code).toMatch(/^\[[\p{L}\d]{1,4}\]$/u)
      expect(unicode, code).toMatch(/^\p{Emoji}|🀅$/u)
      expect(countCharacters(unicode), code).toBe(1)
    }
  })
})

describe('countCharacters', () => {
  it.each([
    ['', 0],
    ['新品上市 abc', 8],
    ['👨‍👩‍👧‍👦', 1],
    ['🇨🇳🇭🇰', 2],
    ['1️⃣', 1],
    ['👍🏽', 1],
    ['e\u0301', 1],
    ['ก็', 1],
    ['각', 1],
    ['\r\n', 1],
    ['\n\n', 2],
    ['\uD83D', 1],
    ['\uDE00a\uD83D', 3],
    ['[微笑]', 1],
    ['[微笑][社会社会]好[Emm]', 4],
    ['[[微笑]]', 3],
    ['[不是表情]', 6],
    ['[足球]', 4],
    ['[emm]', 5],
  ])('%j counts %i', (text, count) => {
    expect(countCharacters(text)).toBe(count)
  })

  it('counts a code as one wherever it stands between Chinese words', () => {
    const word = fc.stringMatching(/^[一-龥]{0,5}$/)
    fc.assert(
      fc.property(fc.array(fc.tuple(word, code)), (pieces) => {
        const words = pieces.map(([word]) => word).join('')
        expect(countCharacters(pieces.flat().join(''))).toBe(words.length + pieces.length)
      }),
    )
  })

  it('never throws and never counts more than the UTF-16 units, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }), (text) => {
        const count = countCharacters(text)
        expect(count).toBeLessThanOrEqual(text.length)
        expect(count > 0).toBe(text.length > 0)
      }),
    )
  })

  it('keeps up with typing at the longest text allowed', async () => {
    const texts = ['['.repeat(2000), '[微笑]'.repeat(500), '\u0301'.repeat(2000), '👨‍👩‍👧‍👦'.repeat(181)]
    const eachOf100 = () => {
      const start = performance.now()
      for (let round = 0; round < 25; round++) texts.forEach(countCharacters)
      return (performance.now() - start) / 100
    }
    // A frame is 16 ms, so one may take a fraction of it even on a slow machine; one that does other things is asked again.
    await expect.poll(eachOf100).toBeLessThan(5)
  })
})

describe('drawEmoji', () => {
  it('draws codes as Unicode emoji and leaves every other bracket alone', () => {
    expect(drawEmoji('上新啦[庆祝][[微笑]] [注意] [')).toBe('上新啦🎉[🙂] [注意] [')
  })

  it('changes no text without codes, and drawing twice is drawing once', () => {
    const anything = fc.array(fc.oneof(code, fc.string({ unit: 'grapheme' }))).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(anything, (text) => {
        const plain = text.replaceAll('[', '')
        expect(drawEmoji(plain)).toBe(plain)
        expect(drawEmoji(drawEmoji(text))).toBe(drawEmoji(text))
      }),
    )
  })

  it('keeps the count', () => {
    const plain = fc.array(fc.oneof(code, fc.constantFrom('好', 'a', ' ', '。'))).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(plain, (text) => {
        expect(countCharacters(drawEmoji(text))).toBe(countCharacters(text))
      }),
    )
  })
})
