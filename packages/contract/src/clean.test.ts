import { describe, expect, it } from 'vitest'
import { cleanText } from './clean.ts'
import { WECHAT_EMOJI } from './emoji.ts'

describe('text is cleaned of what nobody sees', () => {
  it.each([
    '\u200b',
    '\u2060',
    '\u3164',
    '\u0000',
    '\u200d',
    '\ufe0f',
    '\u2800',
    '\u00ad',
    '\u202e',
    '\u2066',
    ' \u200b ',
  ])('%j alone is nothing', (text) => expect(cleanText(text)).toBe(''))

  it.each([
    ['a zero-width space', '张\u200b三', '张三'],
    ['a joiner outside an emoji', '张\u200d三', '张三'],
    ['a change of direction', 'invoice\u202egpj.exe', 'invoicegpj.exe'],
    ['an isolate', '\u2067张三\u2069', '张三'],
    ['a control', '张\u0007三\u009f', '张三'],
    ['half a character', '张\ud800', '张\ufffd'],
    ['a line break', '第一行\r\n第二行\t完', '第一行 第二行 完'],
  ])('%s goes', (_what, text, cleaned) => expect(cleanText(text)).toBe(cleaned))

  it('but in text of several lines the breaks stay', () => {
    expect(cleanText('一\r\n二\r三\u2028四\n\n五', { lines: true })).toBe('一\n二\n三\n四\n\n五')
  })

  it.each([
    '👨‍👩‍👧‍👦',
    '👩🏽‍🚀',
    '❤️',
    '❤️‍🔥',
    '🏳️‍🌈',
    '1️⃣',
    '🇨🇳',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    '☎︎',
    '葛\u{E0100}',
    ...WECHAT_EMOJI.map(({ unicode }) => unicode),
  ])('%s stays whole', (text) => expect(cleanText(`甲${text}乙`)).toBe(`甲${text}乙`))
})
