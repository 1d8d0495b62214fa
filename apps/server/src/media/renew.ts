import type { Parts } from '../parts.ts'
import { scheduleMedia } from '../tasks/schedule.ts'
import { RENEW_WITHIN } from './prepare.ts'
import { forgetMedia, pushesToRenew } from './store.ts'

/** Hourly: WeCom forgets media after three days, and executions may be open for longer. */
export async function renewMedia(parts: Parts): Promise<void> {
  const now = parts.clock.now()
  await parts.db.transaction().execute(async (trx) => {
    for (const id of await pushesToRenew(trx, { now, until: now + RENEW_WITHIN })) {
      await scheduleMedia(parts, trx, { id, scheduledAt: now })
    }
    // After the look: a server that was down for days still finds what to renew.
    await forgetMedia(trx, now)
  })
}
