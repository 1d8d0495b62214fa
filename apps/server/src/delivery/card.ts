import { cardText, type CardSubject as CardWords } from '@qimeng/contract/card'
import { formatShanghai } from '@qimeng/contract/time'
import { type MessageContent, noticeCard, textCard } from '@qimeng/wecom'
import type { CardKind } from '../config.ts'

export interface CardSubject extends Omit<CardWords, 'pushName' | 'when'> {
  name: string
  scheduledAt: number
}

export interface CardOptions {
  kind: CardKind
  /** 0 for the card itself, else the number of the reminder. */
  round: number
  url: string
}

/**
 * The card of PRODUCT.md 5, of the kind this installation is set to: the one place that decides. A text card is shown by every
 * client and in WeChat as well, a template card is not (WECOM.md 3.3); see decision 0010.
 */
export function taskCard(push: CardSubject, { kind, round, url }: CardOptions): MessageContent {
  const words = cardText({ ...push, pushName: push.name, when: formatShanghai(push.scheduledAt) }, round)
  if (kind === 'textcard') return textCard({ ...words, url })
  // No task_id: nothing is ever pressed on it, and a retry of the same bytes could be refused for an id already used.
  return noticeCard({
    source: '企盟助手',
    title: words.title,
    facts: words.facts,
    note: words.hint,
    url,
    jump: words.button,
  })
}
