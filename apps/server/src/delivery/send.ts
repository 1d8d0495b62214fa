import { sendFrozenMessage } from '@qimeng/wecom'
import { type JobContext, RetryLater } from '../jobs/jobs.ts'
import type { Parts } from '../parts.ts'
import type { Attempt } from './attempt.ts'
import { beginAttempt } from './claim.ts'
import { settle } from './ledger.ts'
import { type Outcome, outcomeOfAnswer, outcomeOfError } from './outcome.ts'

/** One call to WeCom for one batch of the ledger, with what is known of it written down before and after. */
export async function sendBatch(parts: Parts, batchId: string, job: JobContext): Promise<void> {
  const attempt = await beginAttempt(parts, batchId, job)
  if (!attempt) return
  parts.reached('before-call')
  const outcome = await call(parts, attempt)
  parts.reached('after-call')
  await parts.db.transaction().execute((trx) => settle(parts, trx, attempt, outcome))
  parts.reached('after-outcome')
  if ('afterMs' in outcome) throw new RetryLater(outcome.afterMs, outcome.reason)
}

async function call({ wecom }: Parts, { body, recipients, number, ambiguousBefore }: Attempt): Promise<Outcome> {
  try {
    return outcomeOfAnswer(await sendFrozenMessage(wecom, body), recipients)
  } catch (error) {
    return outcomeOfError(error, { number, afterAmbiguous: ambiguousBefore !== null })
  }
}
