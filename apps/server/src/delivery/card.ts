import { SEND_SCOPE_LABEL, type SendScope } from '@qimeng/contract/limits'
import { drawEmoji } from '@qimeng/contract/text'
import { formatShanghai } from '@qimeng/contract/time'
import { type MessageContent, textCard } from '@qimeng/wecom'

export interface CardSubject {
  taskName: string
  name: string
  scheduledAt: number
  sendScope: SendScope
  hint: string
  images: number
  hasLink: boolean
}

/**
 * The card of PRODUCT.md 5. A text card, because it is the one kind that has a button of its own words (「任务详情」) and is
 * shown by every client and in WeChat as well; template cards are not (WECOM.md 3.3).
 * @param round 0 for the card itself, else the number of the reminder
 */
export function taskCard(push: CardSubject, { round, url }: { round: number; url: string }): MessageContent {
  const title = round === 0 ? `朋友圈任务：${push.taskName}` : `第 ${round} 次提醒：${push.taskName}`
  return textCard({
    title: drawEmoji(title),
    lines: [
      { text: `推送时间：${formatShanghai(push.scheduledAt)}`, tone: 'gray' },
      { text: `推送：${drawEmoji(push.name)}` },
      { text: `发送范围：${SEND_SCOPE_LABEL[push.sendScope]}` },
      { text: `内容：${describeContent(push)}` },
      { text: drawEmoji(push.hint), tone: 'highlight' },
    ],
    url,
    button: '任务详情',
  })
}

function describeContent({ images, hasLink }: CardSubject): string {
  if (images > 0) return `图片 ${images} 张`
  return hasLink ? '文案和链接' : '文案'
}
