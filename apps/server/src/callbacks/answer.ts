import { MINUTE, SECOND, startOfShanghaiDay } from '@qimeng/contract/time'
import { freezeMessage, sendFrozenMessage, textMessage, WecomError, WecomUnreachable } from '@qimeng/wecom'
import { countMessages } from '../delivery/recent-messages.ts'
import { type JobContext, RetryLater } from '../jobs/jobs.ts'
import type { JobData } from '../jobs/kinds.ts'
import type { Db, Parts } from '../parts.ts'
import { findPerson } from '../people/people.ts'
import { replyTo } from './reply.ts'
import { countAnswers, type EventRow, findOpenEvent, finishEvent, keepAnswer } from './store.ts'

/** After this (ms) an answer would puzzle more than it helps. */
const TOO_LATE = 10 * MINUTE
/** Answers to one person a minute: nobody's chatter may make his card wait for WeCom's 30 messages (WECOM.md 1.3). */
const PER_MINUTE = 2

type Cause = JobData<'callback.answer'>

/**
 * Answers somebody who wrote to the app, opened it or pressed a card, as an ordinary message. Its bytes are kept before the first
 * call, so that WeCom drops the repeat of a call whose end nobody saw (DESIGN.md 4.1).
 */
export async function answerEmployee(parts: Parts, { eventId, pushId }: Cause, job: JobContext): Promise<void> {
  const answer = await parts.db.transaction().execute((trx) => prepareAnswer(parts, trx, { eventId, pushId }))
  if (answer === undefined) return
  const errcode = await send(parts, answer)
  if (await job.stillMine()) await finishEvent(parts.db, eventId, parts.clock.now(), errcode)
}

/** The body to be sent; undefined when there is nothing to say, and then the event is done with. */
async function prepareAnswer(parts: Parts, trx: Db, { eventId, pushId }: Cause): Promise<string | undefined> {
  const event = await findOpenEvent(trx, eventId)
  if (!event) return undefined
  const now = parts.clock.now()
  if (now - event.receivedAt <= TOO_LATE) {
    const answer = event.answer ?? (await compose(parts, trx, event, pushId))
    if (answer !== undefined) {
      await keepAnswer(trx, eventId, answer)
      // It takes its place among the messages that WeCom delivers to one member, beside his cards.
      await countMessages(trx, { batchId: eventId, userids: [event.userid] }, now)
      return answer
    }
  }
  await finishEvent(trx, eventId, now, null)
  return undefined
}

async function compose(
  { config }: Parts,
  trx: Db,
  event: EventRow,
  pushId: string | null,
): Promise<string | undefined> {
  const person = await findPerson(trx, event.userid)
  if (!person?.active || !(await mayAnswer(trx, event))) return undefined
  const reply = await replyTo(trx, { kind: event.kind, userid: person.userid, pushId })
  if (!reply) return undefined
  // The event in the link makes each answer unlike the one before, which WeCom would take for a repeat of it.
  const link = `<a href="${config.publicUrl}${reply.path}?e=${event.id.slice(0, 16)}">${reply.link}</a>`
  return freezeMessage(config.wecom.agentId, [person.userid], textMessage(`${reply.words}\n${link}`))
}

async function mayAnswer(trx: Db, event: EventRow): Promise<boolean> {
  const { kind, receivedAt } = event
  if (kind === 'enter_agent') return (await countAnswers(trx, event, startOfShanghaiDay(receivedAt))) === 0
  return (await countAnswers(trx, event, receivedAt - MINUTE)) < PER_MINUTE
}

/** WeCom's errcode, 0 for accepted. @throws {RetryLater} when asking again makes sense */
async function send({ wecom }: Parts, answer: string): Promise<number> {
  try {
    await sendFrozenMessage(wecom, answer)
    return 0
  } catch (error) {
    if (error instanceof WecomUnreachable) throw new RetryLater(10 * SECOND, error.message)
    if (!(error instanceof WecomError)) throw error
    if (error.kind === 'retry' || error.kind === 'token') throw new RetryLater(MINUTE, error.message)
    return error.errcode
  }
}
