import { MINUTE, SECOND } from '@qimeng/contract/time'
import { refusalOf, refusedIn, type RefusedUsers, type SendResult, WecomError, WecomUnreachable } from '@qimeng/wecom'
import { NO_ANSWER, reasonOf, REFUSAL_REASON } from './reasons.ts'

/** What an attempt came to; `state` is that of the batch afterwards. */
export type Outcome =
  /** `refused`: userid → reason. A map, for `constructor` is a legal userid. `responseCode`: of a card that can be pressed. */
  | { state: 'sent'; msgid: string | null; responseCode: string | null; refused: ReadonlyMap<string, string> }
  | { state: 'unknown'; errcode: number | null; reason: string }
  | { state: 'blocked'; errcode: number | null; reason: string }
  /** `refused`: those for whom there is another reason. */
  | { state: 'failed'; errcode: number | null; reason: string; refused?: ReadonlyMap<string, string> }
  /** Comes again: `ready` when WeCom certainly did nothing, `sending` when it may have. */
  | { state: 'ready' | 'sending'; errcode: number | null; reason: string; afterMs: number }

/**
 * WeCom took the message, for all but those it names.
 * @param addressed how the bytes name the recipients, one by one: somebody may be called otherwise by now
 */
export function outcomeOfAnswer(
  result: SendResult,
  recipients: readonly string[],
  addressed: readonly string[] = recipients,
): Outcome {
  const refused = reasonsFor(result, { recipients, addressed })
  return { state: 'sent', msgid: result.msgId ?? null, responseCode: result.responseCode ?? null, refused }
}

interface People {
  recipients: readonly string[]
  addressed: readonly string[]
}

function reasonsFor(named: RefusedUsers, { recipients, addressed }: People): Map<string, string> {
  const reasons = new Map<string, string>()
  for (const [at, userid] of recipients.entries()) {
    const refusal = refusalOf(named, addressed[at] ?? userid)
    if (refusal) reasons.set(userid, REFUSAL_REASON[refusal])
  }
  return reasons
}

/**
 * What a failed call means (DESIGN.md 4.4–4.5).
 * @param attempt its number, and whether an earlier one may have been accepted: a refusal of the repeat then says nothing
 *   about that first one
 * @param people as for an answer: a refusal may name them, too
 * @throws the error itself when it does not come from WeCom
 */
export function outcomeOfError(
  error: unknown,
  attempt: { number: number; afterAmbiguous: boolean },
  people: People = { recipients: [], addressed: [] },
): Outcome {
  if (error instanceof WecomUnreachable) {
    const state = error.ambiguous ? 'sending' : 'ready'
    return { state, errcode: null, reason: error.message, afterMs: backoff(attempt.number) }
  }
  if (!(error instanceof WecomError)) throw error
  const { errcode, kind } = error
  if (kind === 'retry' || kind === 'token') {
    const afterMs = errcode === TOO_FAST ? TOO_FAST_PENALTY + backoff(1) : backoff(attempt.number)
    return { state: 'ready', errcode, reason: error.message, afterMs }
  }
  if (kind === 'config') return { state: 'blocked', errcode, reason: reasonOf(error) }
  if (attempt.afterAmbiguous) return { state: 'unknown', errcode, reason: NO_ANSWER }
  return { state: 'failed', errcode, reason: reasonOf(error), refused: reasonsFor(refusedIn(error), people) }
}

/** Who was over a limit of so-and-so many calls a minute is blocked for a minute (WECOM.md 1.3). */
const TOO_FAST = 45009
const TOO_FAST_PENALTY = MINUTE

/**
 * How long (ms) to wait after the given attempt: from about a second doubling to two minutes, so that all is sent within
 * five minutes of WeCom's return, and half of it by chance, so that batches which failed together do not come together.
 */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const longest = Math.min(2 * MINUTE, SECOND * 2 ** Math.min(attempt, 10))
  return Math.round(longest * (0.5 + random() / 2))
}
