import { newId, readSettings, type State } from '../state/state.ts'
import { toXml, type XmlFields } from './xml.ts'

/** Tells the app something (WECOM.md 4): queued here, sent by sender.ts. No id when the app has no address for it. */
export function tell(state: State, name: string, xml: string): number | undefined {
  if (!readSettings(state).callback) return undefined
  const { lastInsertRowid } = state
    .sql("INSERT INTO callbacks (at, event, xml, outcome, attempts) VALUES (?, ?, ?, 'pending', '[]')")
    .run(state.now(), name, xml)
  const id = Number(lastInsertRowid)
  state.events.emit('callback', id)
  return id
}

/** The XML of an event (WECOM.md 4.6), `from` a member or `sys`. */
export const eventXml = (state: State, from: string, event: string, fields: XmlFields): string =>
  envelope(state, from, { MsgType: 'event', Event: event, ...fields })

/** The XML of a text that a member writes to the app. */
export const textXml = (state: State, from: string, content: string): string =>
  envelope(state, from, {
    MsgType: 'text',
    Content: content,
    MsgId: Number.parseInt(newId('', 6), 16),
    AgentID: state.corp.agentId,
  })

const envelope = (state: State, from: string, fields: XmlFields): string =>
  toXml({
    xml: {
      ToUserName: state.corp.corpId,
      FromUserName: from,
      CreateTime: Math.floor(state.now() / 1000),
      ...fields,
    },
  })

/** A member opens the app, comes into its visible range or falls out of it. */
export const memberEvent = (
  state: State,
  userid: string,
  event: 'enter_agent' | 'subscribe' | 'unsubscribe',
): number | undefined =>
  tell(state, event, eventXml(state, userid, event, { EventKey: '', AgentID: state.corp.agentId }))

/** Something in the contacts changed: from `sys`, without an AgentID. */
export const contactEvent = (state: State, changeType: string, fields: XmlFields): number | undefined =>
  tell(
    state,
    `change_contact/${changeType}`,
    eventXml(state, 'sys', 'change_contact', { ChangeType: changeType, ...fields }),
  )
