import { newId, type CallbackAddress, type State } from '../state/state.ts'
import { decrypt, sign } from './cipher.ts'
import type { Callback } from './log.ts'
import { xmlText } from './xml.ts'

/** Does what the app answered to a callback (WECOM.md 4.5); tells what it did, or why it did nothing. */
export function actOnReply(state: State, address: CallbackAddress, callback: Callback, body: string): string {
  if (body === '' || body === 'success') return ''
  const plain = opened(state, address, body)
  if (plain === undefined) return 'the reply is neither empty nor encrypted for this corp'
  const userid = xmlText(plain, 'ToUserName') ?? ''
  switch (xmlText(plain, 'MsgType')) {
    case 'text':
      deliverText(state, userid, xmlText(plain, 'Content') ?? '')
      return 'replied with a text'
    case 'update_button':
      return replaceButtons(state, userid, callback, xmlText(plain, 'ReplaceName') ?? '')
    default:
      return `a reply of the type ${xmlText(plain, 'MsgType')} is not imitated`
  }
}

function opened(state: State, { token, aesKey }: CallbackAddress, body: string): string | undefined {
  const [encrypted, signature, timestamp, nonce] = ['Encrypt', 'MsgSignature', 'TimeStamp', 'Nonce'].map(
    (name) => xmlText(body, name) ?? '',
  ) as [string, string, string, string]
  if (sign(token, timestamp, nonce, encrypted) !== signature) return undefined
  try {
    const { message, id } = decrypt(aesKey, encrypted)
    return id === state.corp.corpId ? message : undefined
  } catch {
    return undefined
  }
}

function deliverText(state: State, userid: string, content: string): void {
  const msgid = newId('sim-msg-')
  state
    .sql("INSERT INTO messages (msgid, at, msgtype, content) VALUES (?, ?, 'text', ?)")
    .run(msgid, state.now(), JSON.stringify({ content }))
  state.sql('INSERT INTO deliveries (msgid, userid, at) VALUES (?, ?, ?)').run(msgid, userid, state.now())
  state.events.emit('phone', userid)
}

function replaceButtons(state: State, userid: string, { xml }: Callback, caption: string): string {
  const { changes } = state
    .sql(
      `UPDATE deliveries SET update_json = ? WHERE userid = ?
       AND msgid = (SELECT msgid FROM messages WHERE task_id = ?)`,
    )
    .run(JSON.stringify({ replace_name: caption }), userid, xmlText(xml, 'TaskId') ?? '')
  state.events.emit('phone', userid)
  return changes > 0 ? 'replied by disabling the buttons' : 'the reply names a card this person does not have'
}
