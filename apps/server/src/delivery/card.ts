import { cardText, type CardSubject as CardWords } from '@qimeng/contract/card'
import { formatShanghai } from '@qimeng/contract/time'
import { type MessageContent, textCard } from '@qimeng/wecom'

export interface CardSubject extends Omit<CardWords, 'pushName' | 'when'> {
  name: string
  scheduledAt: number
}

/**
 * The card of PRODUCT.md 5. A text card, because it is the one kind that has a button of its own words (「任务详情」) and is
 * shown by every client and in WeChat as well; template cards are not (WECOM.md 3.3).
 * @param round 0 for the card itself, else the number of the reminder
 */
export function taskCard(push: CardSubject, { round, url }: { round: number; url: string }): MessageContent {
  const words = cardText({ ...push, pushName: push.name, when: formatShanghai(push.scheduledAt) }, round)
  return textCard({ ...words, url })
}
