import { SEND_SCOPE_LABEL, type SendScope } from './limits.ts'
import { drawEmoji } from './text.ts'

/** Which of WeCom's messages a task card is (WECOM.md 3.2, 3.3). */
export const CARD_KINDS = ['textcard', 'template_card'] as const
export type CardKind = (typeof CARD_KINDS)[number]

/** What a task card tells about a push. */
export interface CardSubject {
  taskName: string
  pushName: string
  /** 推送时间 in words. */
  when: string
  sendScope: SendScope
  hint: string
  images: number
  hasLink: boolean
}

export interface CardText {
  title: string
  /** What the lines say, where a kind of card has fields of its own for names and values. */
  facts: { name: string; value: string }[]
  hint: string
  lines: { text: string; tone: 'gray' | 'normal' | 'highlight' }[]
  button: string
}

/**
 * The words of the card of PRODUCT.md 5: the server sends them and the form shows them, so they are made here alone.
 * @param round 0 for the card itself, else the number of the reminder
 */
export function cardText(push: CardSubject, round = 0): CardText {
  const title = round === 0 ? `朋友圈任务：${push.taskName}` : `第 ${round} 次提醒：${push.taskName}`
  const facts = [
    { name: '推送时间', value: push.when },
    { name: '推送', value: drawEmoji(push.pushName) },
    { name: '发送范围', value: SEND_SCOPE_LABEL[push.sendScope] },
    { name: '内容', value: describeContent(push) },
  ]
  const hint = drawEmoji(push.hint)
  return {
    title: drawEmoji(title),
    facts,
    hint,
    lines: [
      ...facts.map(({ name, value }, index) => ({
        text: `${name}：${value}`,
        tone: index === 0 ? ('gray' as const) : ('normal' as const),
      })),
      { text: hint, tone: 'highlight' },
    ],
    button: '任务详情',
  }
}

function describeContent({ images, hasLink }: CardSubject): string {
  if (images > 0) return `图片 ${images} 张`
  return hasLink ? '文案和链接' : '文案'
}
