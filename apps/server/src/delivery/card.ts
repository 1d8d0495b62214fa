import { type CardKind, cardText, type CardSubject as CardWords } from '@qimeng/contract/card'
import { formatShanghai } from '@qimeng/contract/time'
import { type MessageContent, noticeCard, textCard } from '@qimeng/wecom'

export interface CardSubject extends Omit<CardWords, 'pushName' | 'when'> {
  name: string
  scheduledAt: number
}

export interface CardOptions {
  kind: CardKind
  /** 0 for the card itself, else the number of the reminder. */
  round: number
  url: string
  /** For a card with a menu: WeCom tells us of a press under this id, and gives codes by which the card is updated. */
  pressId?: string
}

/**
 * The card of PRODUCT.md 5, of the kind this installation is set to: the one place that decides. A text card is shown by every
 * client and in WeChat as well, a template card is not (WECOM.md 3.3); see decision 0010.
 */
export function taskCard(push: CardSubject, { kind, round, url, pressId }: CardOptions): MessageContent {
  const words = cardText({ ...push, pushName: push.name, when: formatShanghai(push.scheduledAt) }, round)
  if (kind === 'textcard') return textCard({ ...words, url })
  return noticeCard({
    source: '企盟助手',
    title: words.title,
    facts: words.facts,
    note: words.hint,
    url,
    jump: words.button,
    // Without a menu no task_id: a retry of the same bytes could be refused for an id already used.
    ...(pressId !== undefined && {
      taskId: pressId,
      menu: { hint: '更多操作', actions: [{ text: '我已完成', key: 'finished' }] },
    }),
  })
}

/** A card, as it was sent, for somebody who has finished: it says so, and has nothing left to press. */
export function finishedCard(body: string): object {
  const sent = (JSON.parse(body) as { template_card: Record<string, unknown> }).template_card
  const { action_menu: _menu, task_id: _id, sub_title_text: _hint, main_title: title, ...card } = sent
  return { ...card, main_title: { title: '已完成', desc: (title as { title: string }).title } }
}
