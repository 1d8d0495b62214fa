import type { MessageContent } from './cards.ts'
import type { WecomCall, WecomClient } from './client.ts'
import type { WecomError } from './errors.ts'

/** WeCom's limits for one call of message/send, WECOM.md 3.1. */
export const MAX_RECIPIENTS = 1000
const LONGEST_DUPLICATE_CHECK_SECONDS = 14_400

/**
 * The JSON of one message/send, to be kept and sent byte for byte, again and again if need be: for four hours WeCom
 * does not deliver the same JSON twice.
 */
export function freezeMessage(agentId: number, userIds: readonly string[], content: MessageContent): string {
  return JSON.stringify({
    touser: joinRecipients(userIds),
    ...content,
    agentid: agentId,
    enable_duplicate_check: 1,
    duplicate_check_interval: LONGEST_DUPLICATE_CHECK_SECONDS,
  })
}

function joinRecipients(userIds: readonly string[]): string {
  if (userIds.length < 1 || userIds.length > MAX_RECIPIENTS) {
    throw new RangeError(`a message goes to 1–${MAX_RECIPIENTS} people, not ${userIds.length}`)
  }
  // An id with a separator would reach others, and @all would reach everybody.
  const broken = userIds.find((id) => id === '' || id.includes('|') || id.startsWith('@'))
  if (broken !== undefined) throw new RangeError(`not a userid: ${JSON.stringify(broken)}`)
  return userIds.join('|')
}

/** Whom WeCom did not take. Lower-cased, as it gives them: look people up with `refusalOf`. */
export interface RefusedUsers {
  invalidUsers: ReadonlySet<string>
  unlicensedUsers: ReadonlySet<string>
}

export interface SendResult extends RefusedUsers {
  /** For a recall within 24 hours. */
  msgId: string | undefined
  responseCode: string | undefined
}

interface SendAnswer {
  invaliduser?: string
  unlicenseduser?: string
  msgid?: string
  response_code?: string
}

/**
 * Sends a body made by `freezeMessage`. WeCom has accepted it then; whether a phone shows it, WeCom does not tell.
 * @param leaveBy epoch milliseconds after which it is not sent any more
 */
export async function sendFrozenMessage(
  client: WecomClient,
  body: string,
  { leaveBy }: Pick<WecomCall, 'leaveBy'> = {},
): Promise<SendResult> {
  const call: WecomCall = { method: 'POST', path: '/cgi-bin/message/send', body }
  const answer = await client.call<SendAnswer>(leaveBy === undefined ? call : { ...call, leaveBy })
  return {
    msgId: answer.msgid,
    ...refusedUsers(answer),
    responseCode: answer.response_code,
  }
}

/** The same for a refusal of everybody (81013), as far as WeCom names them there. */
export const refusedIn = ({ answer }: WecomError): RefusedUsers => refusedUsers(answer)

const refusedUsers = ({ invaliduser, unlicenseduser }: SendAnswer): RefusedUsers => ({
  invalidUsers: splitUsers(invaliduser),
  unlicensedUsers: splitUsers(unlicenseduser),
})

function splitUsers(joined: string | undefined): Set<string> {
  return new Set((joined ?? '').toLowerCase().split('|').filter(Boolean))
}

/**
 * Why WeCom did not take the message for this one recipient; `undefined` when it did. `invalid`: unknown, left, or
 * outside the app's range. `unlicensed`: in range, without an interface licence.
 */
export function refusalOf(refused: RefusedUsers, userId: string): 'invalid' | 'unlicensed' | undefined {
  const id = userId.toLowerCase()
  if (refused.invalidUsers.has(id)) return 'invalid'
  if (refused.unlicensedUsers.has(id)) return 'unlicensed'
  return undefined
}

/** Takes a message of the last 24 hours back, WECOM.md 3.5. */
export async function recallMessage(client: WecomClient, msgId: string): Promise<void> {
  await client.call({ method: 'POST', path: '/cgi-bin/message/recall', body: { msgid: msgId } })
}

/** Disables the buttons of a card (`replaceName`), or shows another card in its place, WECOM.md 3.4. */
export async function updateTemplateCard(
  client: WecomClient,
  update: { userIds: readonly string[]; responseCode: string } & ({ replaceName: string } | { card: object }),
): Promise<void> {
  await client.call({
    method: 'POST',
    path: '/cgi-bin/message/update_template_card',
    body: {
      userids: update.userIds,
      agentid: client.settings.agentId,
      response_code: update.responseCode,
      ...('card' in update ? { template_card: update.card } : { button: { replace_name: update.replaceName } }),
    },
  })
}
