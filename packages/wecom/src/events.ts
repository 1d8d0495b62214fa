import { childrenOf, textOf, type XmlElement } from './xml.ts'

/** What a callback says happened (WECOM.md 4.6). Fields that WeCom does not always send are undefined then. */
export type WecomEvent =
  /** Somebody wrote to the app. */
  | { kind: 'text'; content: string }
  /** Somebody opened the app; only when 上报进入应用事件 is on. */
  | { kind: 'enter_agent' }
  /** A member came into the app's visible range, or fell out of it. */
  | { kind: 'subscribe' | 'unsubscribe' }
  | { kind: 'change_contact'; change: ContactChange }
  /** A button of a card was pressed, or a line of its menu. */
  | ({ kind: 'template_card_event' | 'template_card_menu_event' } & CardClick)
  /** Whatever else WeCom sends: to be acknowledged, and left alone. */
  | { kind: 'other'; name: string }

export type ContactChange =
  | { type: 'create_user' | 'update_user'; userId: string; newUserId: string | undefined; name: string | undefined }
  | { type: 'delete_user'; userId: string }
  | { type: 'create_party' | 'update_party' | 'delete_party'; departmentId: number }
  | { type: 'update_tag'; tagId: number }

export interface CardClick {
  taskId: string
  /** The `key` of the button or of the menu's line. */
  eventKey: string
  cardType: string | undefined
  /** For updating the card on this person's phone, once, within 72 hours (WECOM.md 3.4). */
  responseCode: string | undefined
  selected: { questionKey: string; optionIds: string[] }[]
}

/** The event in a callback's decrypted XML; undefined when it lacks what its kind cannot do without. */
export function eventIn(xml: XmlElement): WecomEvent | undefined {
  const type = textOf(xml, 'MsgType')
  if (type === 'text') return { kind: 'text', content: textOf(xml, 'Content') ?? '' }
  const name = type === 'event' ? textOf(xml, 'Event') : type
  switch (name) {
    case 'enter_agent':
    case 'subscribe':
    case 'unsubscribe':
      return { kind: name }
    case 'change_contact': {
      const change = contactChange(xml)
      return change && ('kind' in change ? change : { kind: name, change })
    }
    case 'template_card_event':
    case 'template_card_menu_event': {
      const click = cardClick(xml)
      return click && { kind: name, ...click }
    }
    default:
      return name === undefined ? undefined : { kind: 'other', name }
  }
}

function contactChange(xml: XmlElement): ContactChange | Extract<WecomEvent, { kind: 'other' }> | undefined {
  const type = textOf(xml, 'ChangeType')
  const userId = textOf(xml, 'UserID')
  const departmentId = Number(textOf(xml, 'Id'))
  const tagId = Number(textOf(xml, 'TagId'))
  switch (type) {
    case 'create_user':
    case 'update_user':
      return userId ? { type, userId, newUserId: textOf(xml, 'NewUserID'), name: textOf(xml, 'Name') } : undefined
    case 'delete_user':
      return userId ? { type, userId } : undefined
    case 'create_party':
    case 'update_party':
    case 'delete_party':
      return Number.isInteger(departmentId) ? { type, departmentId } : undefined
    case 'update_tag':
      return Number.isInteger(tagId) ? { type, tagId } : undefined
    default:
      return { kind: 'other', name: `change_contact/${type ?? ''}` }
  }
}

function cardClick(xml: XmlElement): CardClick | undefined {
  const taskId = textOf(xml, 'TaskId')
  const eventKey = textOf(xml, 'EventKey')
  if (!taskId || !eventKey) return undefined
  const items = childrenOf(xml, 'SelectedItems').flatMap((list) => childrenOf(list, 'SelectedItem'))
  return {
    taskId,
    eventKey,
    cardType: textOf(xml, 'CardType'),
    responseCode: textOf(xml, 'ResponseCode'),
    selected: items.map((item) => ({
      questionKey: textOf(item, 'QuestionKey') ?? '',
      optionIds: childrenOf(item, 'OptionIds').flatMap((list) =>
        childrenOf(list, 'OptionId').map(({ text }) => text.trim()),
      ),
    })),
  }
}

/**
 * What makes an event the same one when WeCom sends it again (WECOM.md 4.3): a message's own id; for events who, when and
 * what, with its subject, since one second can bring many changes, all of them from `sys`.
 */
export function eventKeyOf(xml: XmlElement): string {
  const msgId = textOf(xml, 'MsgId')
  if (msgId) return `msg:${msgId}`
  const parts = [
    'FromUserName',
    'CreateTime',
    'Event',
    'ChangeType',
    'UserID',
    'NewUserID',
    'Id',
    'TagId',
    'TaskId',
    'EventKey',
  ]
  return `event:${JSON.stringify(parts.map((name) => textOf(xml, name) ?? ''))}`
}
