import { MINUTE, SECOND } from '@qimeng/contract/time'
import type { WecomEvent } from '@qimeng/wecom'
import type { JobKind } from '../jobs/kinds.ts'
import type { Db, Parts } from '../parts.ts'
import { SYNC_KEY } from '../people/sync.ts'
import { finishContacts, oldestContactsEvent } from './store.ts'

/** How long (ms) the directory must have been quiet: moving a department brings an event for each of its people. */
const QUIET = 10 * SECOND
/** How long (ms) a change waits at most where it is never quiet. */
const LONGEST_WAIT = 2 * MINUTE

const KEY = 'callback.contacts' satisfies JobKind

/** A change of the directory: another userid is taken up at once, whatever else with the next copy. */
export async function planContacts(parts: Parts, trx: Db, event: WecomEvent): Promise<void> {
  await planSync(parts, trx)
  if (event.kind !== 'change_contact' || event.change.type !== 'update_user') return
  const { userId: from, newUserId: to } = event.change
  if (to) await parts.jobs.enqueue(trx, 'person.rename', { from, to })
}

/** Plans one copy of the directory for all that is changing just now. Each change of a burst puts it off, up to a limit. */
async function planSync({ jobs, clock }: Parts, trx: Db): Promise<void> {
  const now = clock.now()
  const oldest = (await oldestContactsEvent(trx)) ?? now
  await jobs.enqueue(trx, 'callback.contacts', {}, { at: Math.min(now + QUIET, oldest + LONGEST_WAIT), key: KEY })
}

/** The burst is over: what happens from now on belongs to the next copy. */
export async function syncAfterBurst({ db, jobs, clock }: Parts): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const changes = await finishContacts(trx, clock.now())
    if (changes === 0) return
    await jobs.enqueue(trx, 'directory.sync', { reason: `${changes} changes told by WeCom` }, { key: SYNC_KEY })
  })
}
