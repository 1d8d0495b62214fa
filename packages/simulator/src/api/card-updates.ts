import { findDepartment, findTag, membersOf, taggedPeople, withChildren } from '../state/people.ts'
import type { State } from '../state/state.ts'
import { isObject, type Endpoint } from './call.ts'
import { cardContent } from './cards.ts'
import type { Content } from './content.ts'
import { WecomError } from './errors.ts'
import { notifyReceivers } from './messages.ts'
import { findResponseCode, spendResponseCode } from './response-codes.ts'

/** `POST /cgi-bin/message/update_template_card` (WECOM.md 3.4): once for each response_code. */
export const updateTemplateCard: Endpoint = {
  handle(state, { body }) {
    if (body.agentid !== state.corp.agentId) throw new WecomError(42015, 'agentid not match')
    const code = findResponseCode(state, body.response_code)
    if (!code) throw new WecomError(60140, 'invalid response_code')
    const update = updateIn(state, body, code.msgid)
    const named = receiversNamed(state, body)
    const everybody = body.atall === 1
    if (!everybody && named.length === 0) throw new WecomError(82001, 'not specify user & party & tag')
    return state.db.transaction(() => {
      spendResponseCode(state, body.response_code)
      const reached = receiversOf(state, code).filter((userid) => everybody || named.includes(userid.toLowerCase()))
      const write = state.sql('UPDATE deliveries SET update_json = ? WHERE msgid = ? AND userid = ?')
      for (const userid of reached) write.run(JSON.stringify(update), code.msgid, userid)
      notifyReceivers(state, code.msgid)
      const taken = new Set(reached.map((userid) => userid.toLowerCase()))
      return { invaliduser: everybody ? [] : strings(body.userids).filter((userid) => !taken.has(userid)) }
    })()
  },
}

/** Disabled buttons with a caption, or a whole card in the place of the old one. */
function updateIn(state: State, { button, template_card: card }: Content, msgid: string): Content {
  const caption = isObject(button) ? button.replace_name : undefined
  if (caption) return { replace_name: caption }
  if (!isObject(card)) throw new WecomError(40058, 'missing button or template_card')
  return cardContent(card, state, msgid)
}

/** Whose phone a code reaches: everybody's who got the card, or that of the one who clicked. */
function receiversOf(state: State, { msgid, userid }: { msgid: string; userid: string | null }): string[] {
  const rows = state.sql<[string], { userid: string }>('SELECT userid FROM deliveries WHERE msgid = ?').all(msgid)
  const everybody = rows.map((row) => row.userid)
  return userid === null ? everybody : everybody.filter((each) => each.toLowerCase() === userid.toLowerCase())
}

/** Lower-cased. */
function receiversNamed(state: State, body: Content): string[] {
  const [users, parties, tags] = [strings(body.userids), numbers(body.partyids), numbers(body.tagids)]
  if (users.length > 1000) throw new WecomError(40032, 'invalid user list size')
  if (parties.length > 100) throw new WecomError(82002, 'invalid party list size')
  if (tags.length > 100) throw new WecomError(82003, 'invalid tag list size')
  const known = parties.filter((id) => findDepartment(state, id))
  const members = [...withChildren(state, known)].flatMap((id) => membersOf(state, id))
  const tagged = tags.flatMap((id) => findTag(state, id) ?? []).flatMap((tag) => taggedPeople(state, tag))
  return [...users, ...[...members, ...tagged].map(({ userid }) => userid.toLowerCase())]
}

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.map((each) => String(each).toLowerCase()) : []
const numbers = (value: unknown): number[] => (Array.isArray(value) ? value.map(Number) : [])
