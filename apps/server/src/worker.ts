import { HOUR, MINUTE } from '@qimeng/contract/time'
import { answerEmployee } from './callbacks/answer.ts'
import { syncAfterBurst } from './callbacks/contacts.ts'
import { renamePerson } from './callbacks/rename.ts'
import { updateCards } from './delivery/card-update.ts'
import { issuePush } from './delivery/issue.ts'
import { recallCards } from './delivery/recall.ts'
import { sendBatch } from './delivery/send.ts'
import { sweepDelivery } from './delivery/sweep.ts'
import { buildExport } from './exports/build.ts'
import type { JobContext, JobHandlers } from './jobs/jobs.ts'
import { inLogContext } from './log-context.ts'
import { prepareMedia } from './media/prepare.ts'
import { renewMedia } from './media/renew.ts'
import { backUpOnTime } from './ops/backup-plan.ts'
import { sweepHouse } from './ops/housekeeping.ts'
import type { Parts } from './parts.ts'
import { syncDirectory } from './people/sync.ts'

/** Which function does which job. */
const handlers = (parts: Parts): JobHandlers => ({
  'push.issue': ({ pushId }) => issuePush(parts, pushId),
  'card.send': ({ batchId }, job) => sendBatch(parts, batchId, job),
  'card.rest': ({ batchId }, job) => sendBatch(parts, batchId, job),
  'card.recall': ({ taskId }, job) => recallCards(parts, taskId, job),
  'card.update': ({ pushId }, job) => updateCards(parts, pushId, job),
  'media.prepare': ({ pushId }, job) => prepareMedia(parts, pushId, job),
  'media.renew': () => renewMedia(parts),
  'directory.sync': ({ reason }, job) => syncDirectory(parts, reason, job.signal),
  'export.build': ({ exportId }, job) => buildExport(parts, exportId, job),
  'callback.answer': (data, job) => answerEmployee(parts, data, job),
  'callback.contacts': () => syncAfterBurst(parts),
  'person.rename': (change) => renamePerson(parts, change),
  'delivery.sweep': () => sweepDelivery(parts),
  'housekeeping.sweep': (_, { signal }) => sweepHouse(parts, signal),
  'backup.make': () => backUpOnTime(parts),
})

/** The same, with the job and what it is about on every line they log. */
export function jobHandlers(parts: Parts): JobHandlers {
  const logged = Object.entries(handlers(parts)).map(([kind, handle]) => {
    const run = handle as (data: Record<string, unknown>, job: JobContext) => Promise<void>
    return [kind, (data, job) => inLogContext({ job: kind, ...textsIn(data) }, () => run(data, job))] as [
      string,
      typeof run,
    ]
  })
  return Object.fromEntries(logged) as unknown as JobHandlers
}

const textsIn = (data: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(data).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))

/** Starts the loops and what recurs. */
export async function startWork(parts: Parts): Promise<void> {
  parts.jobs.schedule('delivery.sweep', {}, MINUTE)
  parts.jobs.schedule('media.renew', {}, HOUR)
  parts.jobs.schedule('housekeeping.sweep', {}, HOUR)
  if (parts.config.backup) parts.jobs.schedule('backup.make', {}, 10 * MINUTE)
  // Who was dismissed keeps his session until the next copy.
  parts.jobs.schedule('directory.sync', { reason: 'scheduled' }, HOUR)
  await parts.jobs.start(jobHandlers(parts))
}
