import { isObject } from '../api/call.ts'
import { issueResponseCode } from '../api/response-codes.ts'
import { eventXml, tell } from '../callbacks/events.ts'
import type { Person } from '../state/people.ts'
import type { State } from '../state/state.ts'
import { findReceived, shownCard } from './inbox.ts'

type Fields = Record<string, unknown>

/** What a press did: a callback to the app by its id, or why not. */
export type Pressed = { callback: number } | { refused: string }

/**
 * Somebody presses a button of a card, or a line of its menu: the app is told, and gets a response_code of its own for
 * this person's card (WECOM.md 3.4, 4.6).
 */
export function pressCard(state: State, person: Person, delivery: number, key: string): Pressed {
  const received = findReceived(state, person.userid, delivery)
  if (!received || received.recalled) return { refused: '消息不存在或已撤回' }
  const card = shownCard(received)
  const button = fieldsIn(card.button_list).some((each) => each.key === key && each.type !== 1)
  const menu = isObject(card.action_menu) && fieldsIn(card.action_menu.action_list).some((each) => each.key === key)
  if (!menu && (!button || received.update?.replace_name)) return { refused: '卡片上没有这个按钮' }
  const event = menu ? 'template_card_menu_event' : 'template_card_event'
  const xml = eventXml(state, person.userid, event, {
    EventKey: key,
    TaskId: String(card.task_id ?? ''),
    CardType: String(card.card_type),
    ResponseCode: issueResponseCode(state, received.msgid, person.userid),
    AgentID: state.corp.agentId,
  })
  const callback = tell(state, event, xml)
  return callback === undefined ? { refused: '应用没有设置接收消息的地址' } : { callback }
}

const fieldsIn = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isObject) : [])
