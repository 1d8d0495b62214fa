import { sendFrozenMessage, WecomError, WecomUnreachable } from '@qimeng/wecom'
import { type JobContext, RetryLater } from '../jobs/jobs.ts'
import { addToLogContext } from '../log-context.ts'
import type { Parts } from '../parts.ts'
import type { Attempt } from './attempt.ts'
import { beginAttempt } from './claim.ts'
import { settle } from './ledger.ts'
import { type Outcome, outcomeOfAnswer, outcomeOfError } from './outcome.ts'
import { addressedIn } from './renamed.ts'

/** One call to WeCom for one batch of the ledger, with what is known of it written down before and after. */
export async function sendBatch(parts: Parts, batchId: string, job: JobContext): Promise<void> {
  // Before the claim: a slow token must not lie between the look at the row and the wire, where a delete could slip in.
  const obstacle = await authorize(parts)
  parts.reached('before-claim')
  const attempt = await beginAttempt(parts, batchId, job)
  if (!attempt) return
  if ('opensAt' in attempt) throw new RetryLater(attempt.opensAt - parts.clock.now(), 'the budget of calls is used up')
  addToLogContext({ taskId: attempt.taskId, pushId: attempt.pushId, batchId })
  parts.reached('before-call')
  const outcome = await call(parts, attempt, obstacle)
  parts.reached('after-call')
  await parts.db.transaction().execute((trx) => settle(parts, trx, attempt, outcome))
  parts.reached('after-outcome')
  if ('afterMs' in outcome) throw new RetryLater(outcome.afterMs, outcome.reason)
}

type Obstacle = WecomError | WecomUnreachable

/** Why WeCom gives us no access token; undefined when we have one. */
async function authorize({ wecom }: Parts): Promise<Obstacle | undefined> {
  try {
    await wecom.authorize()
    return undefined
  } catch (error) {
    if (error instanceof WecomError || error instanceof WecomUnreachable) return error
    throw error
  }
}

async function call({ wecom }: Parts, attempt: Attempt, obstacle: Obstacle | undefined): Promise<Outcome> {
  const { body, recipients, number, ambiguousBefore, leaveBy } = attempt
  const addressed = addressedIn(body)
  try {
    if (obstacle) throw obstacle
    return outcomeOfAnswer(await sendFrozenMessage(wecom, body, { leaveBy }), recipients, addressed)
  } catch (error) {
    return outcomeOfError(error, { number, afterAmbiguous: ambiguousBefore !== null }, { recipients, addressed })
  }
}
