import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noticeCard, textCard, textMessage } from './cards.ts'
import { escapeHtml, fit } from './fit.ts'

const URL = 'https://wb.example.com/m/task/42'
const bytes = (text: string): number => Buffer.byteLength(text)
const anyText = fc.string({ unit: 'binary', maxLength: 400, size: 'max' })

describe('fit', () => {
  it('leaves a text that fits alone', () => {
    expect(fit('朋友圈任务', { bytes: 15 })).toBe('朋友圈任务')
  })

  it('cuts between graphemes, never through one', () => {
    expect(fit('一家👨‍👩‍👧‍👦一家👨‍👩‍👧‍👦', { bytes: 39 })).toBe('一家👨‍👩‍👧‍👦一…')
    expect(fit('一家👨‍👩‍👧‍👦一家👨‍👩‍👧‍👦', { bytes: 30 })).toBe('一家…')
    expect(fit('立即去发布', { bytes: 16, characters: 4 })).toBe('立即去…')
  })

  it('makes one line of it', () => {
    expect(fit(' 第一行\r\n\t第二行 ', { bytes: 100 })).toBe('第一行 第二行')
  })

  it('keeps every limit, in valid UTF-8, whatever it is given', () => {
    fc.assert(
      fc.property(anyText, fc.nat(200), fc.integer({ min: 1, max: 40 }), (text, room, characters) => {
        const cut = fit(text, { bytes: room, characters, encode: escapeHtml })
        expect(bytes(cut)).toBeLessThanOrEqual(room)
        expect(cut.isWellFormed()).toBe(true)
        const plain = fit(text, { bytes: room, characters })
        expect([...new Intl.Segmenter().segment(plain)].length).toBeLessThanOrEqual(characters)
      }),
    )
  })
})

describe('textMessage', () => {
  it('goes out as it is, or not at all: a cut could go through a link', () => {
    const content = `你有 3 条朋友圈等待发表。\n<a href="${URL}">查看任务</a>`
    expect(textMessage(content)).toEqual({ msgtype: 'text', text: { content } })
    expect(() => textMessage('')).toThrow(RangeError)
    expect(() => textMessage('长'.repeat(683))).toThrow(RangeError)
  })
})

describe('textCard', () => {
  it('is the wire form of WECOM.md 3.2', () => {
    const lines = [
      { text: '截止 18:00', tone: 'gray' },
      { text: '请尽快完成', tone: 'highlight' },
    ] as const
    expect(textCard({ title: '朋友圈任务待发布', lines, url: URL, button: '去完成' })).toEqual({
      msgtype: 'textcard',
      textcard: {
        title: '朋友圈任务待发布',
        description: '<div class="gray">截止 18:00</div><div class="highlight">请尽快完成</div>',
        url: URL,
        btntxt: '去完成',
      },
    })
  })

  it('escapes what people wrote', () => {
    const { textcard } = textCard({ title: 'a<b', lines: [{ text: '</div><a href="x">&' }], url: URL }) as never
    expect(textcard).toMatchObject({
      title: 'a<b',
      description: '<div class="normal">&lt;/div&gt;&lt;a href=&quot;x&quot;&gt;&amp;</div>',
    })
  })

  it('stays within 128 and 512 bytes with its markup whole, whatever people wrote', () => {
    const line = fc.record({ text: anyText, tone: fc.constantFrom('gray', 'normal', 'highlight') })
    fc.assert(
      fc.property(anyText, fc.array(line, { maxLength: 8 }), (title, lines) => {
        const { textcard } = textCard({ title, lines, url: URL }) as {
          textcard: { title: string; description: string }
        }
        expect(bytes(textcard.title)).toBeLessThanOrEqual(128)
        expect(bytes(textcard.description)).toBeLessThanOrEqual(512)
        expect(textcard.description).toMatch(
          /^(<div class="(gray|normal|highlight)">([^<>"&]|&(amp|lt|gt|quot);)+<\/div>)*$/u,
        )
      }),
    )
  })

  it('keeps the first lines when there is too much', () => {
    const lines = Array.from({ length: 10 }, (_, index) => ({ text: `${index}${'字'.repeat(40)}` }))
    const { textcard } = textCard({ title: '题', lines, url: URL }) as { textcard: { description: string } }
    expect(textcard.description.match(/>\d/g)).toEqual(['>0', '>1', '>2', '>3'])
    expect(textcard.description).toMatch(/字…<\/div>$/)
  })

  it.each(['javascript:alert(1)', 'wb.example.com/m', `https://wb.example.com/${'a'.repeat(2048)}`])(
    'refuses a link WeCom would refuse',
    (url) => {
      expect(() => textCard({ title: '题', lines: [], url })).toThrow()
    },
  )
})

describe('noticeCard', () => {
  it('is a text_notice within the suggested lengths', () => {
    const facts = Array.from({ length: 8 }, () => ({ name: '图片数量多少', value: '六'.repeat(50) }))
    const card = noticeCard({
      title: '题'.repeat(50),
      subtitle: '18:00 前完成',
      facts,
      url: URL,
      taskId: 'mt-42-b001-0',
    })
    expect(card).toEqual({
      msgtype: 'template_card',
      template_card: {
        card_type: 'text_notice',
        task_id: 'mt-42-b001-0',
        main_title: { title: `${'题'.repeat(35)}…`, desc: '18:00 前完成' },
        horizontal_content_list: Array.from({ length: 6 }, () => ({
          keyname: '图片数量…',
          value: `${'六'.repeat(29)}…`,
        })),
        card_action: { type: 1, url: URL },
      },
    })
  })

  it('has a note under the title and a link with words of its own', () => {
    const { template_card: card } = noticeCard({ title: '题', note: '请发表', url: URL, jump: '任务详情' }) as never
    expect(card).toMatchObject({
      sub_title_text: '请发表',
      jump_list: [{ type: 1, title: '任务详情', url: URL }],
    })
  })

  it('has a menu whose lines can be pressed, which needs a task_id', () => {
    const menu = { hint: '更多', actions: [{ text: '我已完成', key: 'finished' }] }
    const { template_card: card } = noticeCard({ title: '题', url: URL, taskId: 'mt-42', menu }) as never
    expect(card).toMatchObject({
      task_id: 'mt-42',
      action_menu: { desc: '更多', action_list: [{ text: '我已完成', key: 'finished' }] },
    })
    expect(() => noticeCard({ title: '题', url: URL, menu })).toThrow(RangeError)
  })

  it('refuses a task_id WeCom would refuse', () => {
    expect(() => noticeCard({ title: '题', url: URL, taskId: 'mt 42' })).toThrow(RangeError)
  })
})
