import { LIMITS } from '@qimeng/contract/limits'
import { freezeMessage } from '@qimeng/wecom'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CardSubject, taskCard } from './card.ts'

const subject: CardSubject = {
  taskName: '秋季新品上市',
  name: '第一条',
  scheduledAt: Date.UTC(2026, 10, 25, 1, 30),
  sendScope: 'all',
  hint: '请发表到微信朋友圈和企业微信朋友圈',
  images: 3,
  hasLink: false,
}
const url = 'https://moments.example.com/m/pushes/01k0000000000000000000000a?b=01k0000000000000000000000b'

const graphemes = (text: string) => [...new Intl.Segmenter().segment(text)].length
const anyText = (max: number) => fc.string({ unit: 'grapheme', maxLength: max * 3 })
const anyNames = [anyText(LIMITS.taskName), anyText(LIMITS.pushName), anyText(LIMITS.hint)] as const

interface TextCard {
  title: string
  description: string
  url: string
  btntxt: string
}
const shown = (push: Partial<CardSubject> = {}, round = 0): TextCard => {
  const body = freezeMessage(1, ['zhangsan'], taskCard({ ...subject, ...push }, { kind: 'textcard', round, url }))
  return (JSON.parse(body) as { textcard: TextCard }).textcard
}

describe('the text card on the phone', () => {
  it('says task, push, when, scope, number of pictures and what to do, and opens the push', () => {
    expect(shown()).toEqual({
      title: '朋友圈任务：秋季新品上市',
      description:
        '<div class="gray">推送时间：2026-11-25 09:30</div>' +
        '<div class="normal">推送：第一条</div>' +
        '<div class="normal">发送范围：全部（企业微信和微信朋友圈）</div>' +
        '<div class="normal">内容：图片 3 张</div>' +
        '<div class="highlight">请发表到微信朋友圈和企业微信朋友圈</div>',
      url,
      btntxt: '任务详情',
    })
  })

  it('says that it is a reminder, and its round', () => {
    expect(shown({}, 2).title).toBe('第 2 次提醒：秋季新品上市')
  })

  it.each([
    [{ images: 0, hasLink: true }, '文案和链接'],
    [{ images: 0, hasLink: false }, '内容：文案<'],
  ])('tells what there is to publish', (push, text) => {
    expect(shown(push).description).toContain(text)
  })

  it('shows what was typed as text, never as markup', () => {
    const { title, description } = shown({ taskName: 'A&B', name: '<div class="highlight">&', hint: '' })
    expect(title).toBe('朋友圈任务：A&B')
    expect(description).toContain('推送：&lt;div class=&quot;highlight&quot;&gt;&amp;</div>')
  })

  it("stays within WeCom's limits whatever the names hold", () => {
    fc.assert(
      fc.property(...anyNames, (taskName, name, hint) => {
        const card = shown({ taskName, name, hint }, 12)
        expect(Buffer.byteLength(card.title)).toBeLessThanOrEqual(128)
        expect(Buffer.byteLength(card.description)).toBeLessThanOrEqual(512)
        expect(card.title + card.description).toSatisfy((all: string) => all.isWellFormed())
        const { length: opened } = card.description.match(/<div class="\w+">/g)!
        expect(card.description.split('</div>').length - 1).toBe(opened)
        expect(card.description.replaceAll(/<\/?div[^<>]*>/g, '')).not.toMatch(/[<>]/)
      }),
    )
  })
})

interface NoticeCard {
  main_title: { title: string }
  sub_title_text?: string
  horizontal_content_list: { keyname: string; value: string }[]
}
const noticed = (push: Partial<CardSubject> = {}, round = 0): NoticeCard => {
  const body = freezeMessage(1, ['zhangsan'], taskCard({ ...subject, ...push }, { kind: 'template_card', round, url }))
  return (JSON.parse(body) as { template_card: NoticeCard }).template_card
}

describe('the template card', () => {
  it('is a text notice with the same words in fields of their own, and no task_id that a retry could repeat', () => {
    expect(noticed()).toEqual({
      card_type: 'text_notice',
      source: { desc: '企盟助手' },
      main_title: { title: '朋友圈任务：秋季新品上市' },
      sub_title_text: '请发表到微信朋友圈和企业微信朋友圈',
      horizontal_content_list: [
        { keyname: '推送时间', value: '2026-11-25 09:30' },
        { keyname: '推送', value: '第一条' },
        { keyname: '发送范围', value: '全部（企业微信和微信朋友圈）' },
        { keyname: '内容', value: '图片 3 张' },
      ],
      jump_list: [{ type: 1, title: '任务详情', url }],
      card_action: { type: 1, url },
    })
  })

  it('says that it is a reminder, and its round', () => {
    expect(noticed({}, 2).main_title.title).toBe('第 2 次提醒：秋季新品上市')
  })

  it('cuts between characters, an emoji family being one', () => {
    const family = '👨‍👩‍👧‍👦'
    expect(noticed({ name: family.repeat(31) }).horizontal_content_list[1]!.value).toMatch(/^(👨‍👩‍👧‍👦)+…$/u)
  })

  it("stays within WeCom's limits whatever the names hold", () => {
    fc.assert(
      fc.property(...anyNames, (taskName, name, hint) => {
        const card = noticed({ taskName, name, hint }, 12)
        expect(graphemes(card.main_title.title)).toBeLessThanOrEqual(36)
        expect(graphemes(card.sub_title_text ?? '')).toBeLessThanOrEqual(160)
        for (const { keyname, value } of card.horizontal_content_list) {
          expect(graphemes(keyname)).toBeLessThanOrEqual(5)
          expect(graphemes(value)).toBeLessThanOrEqual(30)
        }
        expect(JSON.stringify(card)).toSatisfy((all: string) => all.isWellFormed())
      }),
    )
  })
})
