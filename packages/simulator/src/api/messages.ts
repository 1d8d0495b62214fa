import { createHash } from 'node:crypto'
import type { Person } from '../state/people.ts'
import { newId, readSettings, type State } from '../state/state.ts'
import { checkAgent } from './agents.ts'
import type { Call, Endpoint } from './call.ts'
import { hasResponseCode } from './cards.ts'
import { messageContent, type Content } from './content.ts'
import { WecomError } from './errors.ts'
import { countDeliveries } from './limits.ts'
import { findRecipients, joined } from './recipients.ts'
import { issueResponseCode } from './response-codes.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const RECALL_WINDOW = 24 * HOUR

/** `POST /cgi-bin/message/send` (WECOM.md 3.1). errcode 0 means accepted: not delivered, not read. */
export const messageSend: Endpoint = {
  handle(state, call) {
    const { body } = call
    checkAgent(state, body.agentid)
    if (body.msgtype === 'news' && body.safe === 1) throw new WecomError(40074, 'news message not support safe')
    const earlier = earlierDelivery(state, call)
    if (earlier) {
      call.note = 'duplicate'
      return earlier
    }
    const recipients = findRecipients(state, body)
    const content = messageContent(state, body.msgtype, body)
    const { people, ...invalid } = recipients
    countDeliveries(state, people.length)
    return state.db.transaction(() => {
      const msgid = newId('sim-msg-')
      const taskId = body.msgtype === 'template_card' ? (content.task_id as string | undefined) : undefined
      state
        .sql('INSERT INTO messages (msgid, at, msgtype, content, task_id) VALUES (?, ?, ?, ?, ?)')
        .run(msgid, state.now(), body.msgtype, JSON.stringify(content), taskId ?? null)
      const delivered = deliver(state, msgid, people)
      call.note = `delivered ${delivered} of ${people.length}`
      const reply = { ...joined(invalid), msgid, ...responseCode(state, msgid, body.msgtype, content) }
      remember(state, call, reply)
      return reply
    })()
  },
}

/** What is too much for a member is dropped without a word (WECOM.md 1.3). */
function deliver(state: State, msgid: string, people: Person[]): number {
  const now = state.now()
  const { memberPerMinute, memberPerHour } = readSettings(state).limits
  const since = state.sql<[string, number], { n: number }>(
    'SELECT count(*) n FROM deliveries WHERE userid = ? AND at > ?',
  )
  let delivered = 0
  for (const { userid } of people) {
    if (since.get(userid, now - MINUTE)!.n >= memberPerMinute || since.get(userid, now - HOUR)!.n >= memberPerHour)
      continue
    state.sql('INSERT INTO deliveries (msgid, userid, at) VALUES (?, ?, ?)').run(msgid, userid, now)
    delivered += 1
  }
  setImmediate(() => people.forEach(({ userid }) => state.events.emit('phone', userid)))
  return delivered
}

function responseCode(state: State, msgid: string, msgtype: unknown, content: Content): { response_code?: string } {
  if (msgtype !== 'template_card' || !hasResponseCode(content)) return {}
  return { response_code: issueResponseCode(state, msgid) }
}

/**
 * The duplicate check compares the whole request body. WeCom's page does not say what the repeat answers; like the
 * product's authors we take it to be the first answer (WECOM.md 3.1, open point 2).
 */
function earlierDelivery(state: State, call: Call): Record<string, unknown> | undefined {
  const { enable_duplicate_check: enabled, duplicate_check_interval: seconds } = call.body
  if (enabled !== 1) return undefined
  const interval = Math.min(typeof seconds === 'number' ? seconds : 1800, 14_400) * 1000
  const row = state
    .sql<[string, number], { reply: string }>('SELECT reply FROM sent_bodies WHERE hash = ? AND at > ?')
    .get(hash(call.raw), state.now() - interval)
  return row && (JSON.parse(row.reply) as Record<string, unknown>)
}

function remember(state: State, call: Call, reply: Record<string, unknown>): void {
  if (call.body.enable_duplicate_check !== 1) return
  state
    .sql('INSERT OR REPLACE INTO sent_bodies VALUES (?, ?, ?)')
    .run(hash(call.raw), state.now(), JSON.stringify(reply))
}

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** `POST /cgi-bin/message/recall`: within 24 hours (WECOM.md 3.5). */
export const messageRecall: Endpoint = {
  handle(state, { body }) {
    const message =
      typeof body.msgid === 'string'
        ? state.sql<[string], { at: number }>('SELECT at FROM messages WHERE msgid = ?').get(body.msgid)
        : undefined
    if (!message) throw new WecomError(40058, 'invalid msgid')
    if (state.now() - message.at > RECALL_WINDOW) throw new WecomError(42052, 'msgid expired')
    state.sql('UPDATE messages SET recalled = 1 WHERE msgid = ?').run(body.msgid)
    notifyReceivers(state, body.msgid as string)
    return {}
  },
}

export function notifyReceivers(state: State, msgid: string): void {
  const receivers = state.sql<[string], { userid: string }>('SELECT userid FROM deliveries WHERE msgid = ?').all(msgid)
  for (const { userid } of receivers) state.events.emit('phone', userid)
}
