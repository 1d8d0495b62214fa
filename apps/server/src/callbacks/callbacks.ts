import { createHash } from 'node:crypto'
import type { WecomCallback, WecomEvent } from '@qimeng/wecom'
import type { CallbackKind } from '../db/schema.ts'
import { keepPressCode } from '../delivery/card-codes.ts'
import type { Db, Parts } from '../parts.ts'
import { findPerson } from '../people/people.ts'
import { planContacts } from './contacts.ts'
import { insertEvent } from './store.ts'

/**
 * Takes what WeCom tells: in one commit the event is written down and its work planned, all else happens later, for WeCom
 * waits. The same event again changes nothing, whether WeCom repeats it or somebody who has listened.
 */
export async function receive(parts: Parts, { key, userId, event }: WecomCallback): Promise<void> {
  const kind = kindOf(event)
  if (kind === undefined) return
  const id = idOf(key)
  await parts.db.transaction().execute(async (trx) => {
    const receivedAt = parts.clock.now()
    if (!(await insertEvent(trx, { id, kind, userid: userId, receivedAt, doneAt: null }))) return
    if (kind === 'contacts') return planContacts(parts, trx, event)
    const pushId = await pressedPush(parts, trx, userId, event)
    await parts.jobs.enqueue(trx, 'callback.answer', { eventId: id, pushId }, { key: `callback:${id}` })
  })
}

/** The push whose card was pressed; the code that comes with a press can let that card say 已完成. */
async function pressedPush(parts: Parts, trx: Db, userId: string, event: WecomEvent): Promise<string | null> {
  if (!('taskId' in event)) return null
  const person = await findPerson(trx, userId)
  if (!person) return null
  const press = { batchId: event.taskId, userid: person.userid, code: event.responseCode }
  return (await keepPressCode(parts, trx, press)) ?? null
}

/** Somebody has saved 接收消息 in WeCom's backend, so WeCom reaches us and our secrets are the right ones. */
export async function receiveVerification({ db, clock }: Parts, answer: string): Promise<void> {
  const now = clock.now()
  await insertEvent(db, {
    id: idOf(`verification:${answer}`),
    kind: 'verification',
    userid: 'sys',
    receivedAt: now,
    doneAt: now,
  })
}

/** What is to be done about it; undefined for what concerns nobody here. */
function kindOf({ kind }: WecomEvent): CallbackKind | undefined {
  switch (kind) {
    case 'text':
    case 'enter_agent':
      return kind
    case 'template_card_event':
    case 'template_card_menu_event':
      return 'press'
    case 'change_contact':
    case 'subscribe':
    case 'unsubscribe':
      return 'contacts'
    default:
      return undefined
  }
}

/** WeCom's keys are as long as what they consist of. */
const idOf = (key: string): string => createHash('sha256').update(key).digest('hex')
