import type { State } from '../state/state.ts'

/** A message as it lies on one phone. */
export interface Received {
  id: number
  msgid: string
  at: number
  msgtype: string
  content: Record<string, unknown>
  read: boolean
  recalled: boolean
  /** What update_template_card made of it: `{ replace_name }` or a whole card. */
  update?: Record<string, unknown>
}

interface Row {
  id: number
  msgid: string
  at: number
  msgtype: string
  content: string
  read: number
  recalled: number
  update_json: string | null
}

const RECEIVED = `SELECT deliveries.id, msgid, deliveries.at, msgtype, content, read, recalled, update_json
  FROM deliveries JOIN messages USING (msgid) WHERE userid = ?`

/** The latest messages of a phone, oldest first. */
export const readInbox = (state: State, userid: string, limit = 100): Received[] =>
  state
    .sql<[string, number], Row>(`${RECEIVED} ORDER BY deliveries.id DESC LIMIT ?`)
    .all(userid, limit)
    .reverse()
    .map(received)

export function findReceived(state: State, userid: string, id: number): Received | undefined {
  const row = state.sql<[string, number], Row>(`${RECEIVED} AND deliveries.id = ?`).get(userid, id)
  return row && received(row)
}

const received = ({ update_json: update, ...row }: Row): Received => ({
  ...row,
  content: JSON.parse(row.content) as Record<string, unknown>,
  read: row.read === 1,
  recalled: row.recalled === 1,
  ...(update ? { update: JSON.parse(update) as Record<string, unknown> } : {}),
})

/** Everything on all phones, oldest first: on whose, which message, and the address it opens. */
export const listDeliveries = (state: State): { userid: string; msgid: string; url: string | null }[] =>
  state
    .sql<[], { userid: string; msgid: string; url: string | null }>(
      `SELECT userid, msgid, coalesce(content ->> '$.url', content ->> '$.card_action.url') url
       FROM deliveries JOIN messages USING (msgid) ORDER BY id`,
    )
    .all()

/** The card as it looks now: another one may have taken its place. */
export const shownCard = ({ content, update }: Received): Record<string, unknown> =>
  update && !('replace_name' in update) ? update : content

export const countUnread = (state: State, userid: string): number =>
  state.sql<[string], { n: number }>('SELECT count(*) n FROM deliveries WHERE userid = ? AND read = 0').get(userid)!.n

export function markRead(state: State, userid: string): void {
  const { changes } = state.sql('UPDATE deliveries SET read = 1 WHERE userid = ? AND read = 0').run(userid)
  if (changes > 0) state.events.emit('phone', userid)
}
