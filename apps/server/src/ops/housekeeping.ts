import { decodeTime } from 'ulid'
import { forgetEvents } from '../callbacks/store.ts'
import { forgetSlots } from '../delivery/call-counts.ts'
import { forgetCodes } from '../delivery/card-codes.ts'
import { dropExpiredExports } from '../exports/exports.ts'
import { forgetOldKeys } from '../http/idempotency.ts'
import { blobKey } from '../images/images.ts'
import { VARIANTS } from '../images/links.ts'
import { deleteUnattached, existingImages, selectUnattached } from '../images/store.ts'
import { forgetFailed } from '../jobs/embedded-store.ts'
import { forgetMediaOf } from '../media/store.ts'
import type { Db, Parts } from '../parts.ts'
import { eraseOldProofs } from './retention/proofs.ts'
import { eraseOldTasks } from './retention/tasks.ts'

const DAY = 24 * 3_600_000

/** How long (ms) a picture nobody used waits for the draft it was uploaded for (PRODUCT.md 3.2). */
const UNATTACHED_LIFETIME = 7 * DAY
/** A blob is written before its row: one without a row after so long (ms) belongs to an upload that died. */
const ORPHAN_AGE = DAY
/** How long (ms) the log of directory copies is kept. */
const SYNC_LOG_LIFETIME = 90 * DAY

/** How long (ms) what WeCom told us is known. Repeats and replays come within minutes; the rest is for looking things up. */
const CALLBACK_LIFETIME = 7 * DAY

/** How long (ms) jobs that were given up can be looked into. pg-boss removes its own after as long (jobs/boss-queues.ts). */
const GIVEN_UP_LIFETIME = 90 * DAY

const AT_A_TIME = 200

/**
 * Hourly: takes away what has served its time. Each step is safe to repeat, leaves nothing half-done, and stands in the way
 * of no other when it fails.
 * @param signal ends what may take long; the next sweep goes on with it
 */
export async function sweepHouse(parts: Parts, signal = new AbortController().signal): Promise<void> {
  const { db, log } = parts
  const now = parts.clock.now()
  const steps: Record<string, () => Promise<unknown>> = {
    sessions: () => db.deleteFrom('sessions').where('expiresAt', '<', now).execute(),
    'rate limits': () => db.deleteFrom('rateLimits').where('expire', '<', now).execute(),
    'begun logins': () => db.deleteFrom('oauthStates').where('expiresAt', '<', now).execute(),
    'directory log': () => forgetOldCopies(db, now - SYNC_LOG_LIFETIME),
    'callback events': () => forgetEvents(db, now - CALLBACK_LIFETIME),
    'codes of cards': () => forgetCodes(db, now - CALLBACK_LIFETIME),
    'counts of calls': () => forgetSlots(db, now - DAY),
    'idempotency keys': () => forgetOldKeys(db, now),
    'jobs given up': () => forgetFailed(db, now - GIVEN_UP_LIFETIME),
    'expired exports': () => dropExpiredExports(parts),
    'old tasks': () => eraseOldTasks(parts, signal),
    'old proofs': () => eraseOldProofs(parts, signal),
    // After those before, which have no use for their pictures any more.
    'unused pictures': () => sweepUnattached(parts, now),
    'orphaned blobs': () => sweepOrphans(parts, now),
  }
  for (const [step, sweep] of Object.entries(steps)) {
    await sweep().catch((error: unknown) => log.error({ err: error, step }, 'a step of the housekeeping failed'))
  }
}

/** Whatever its age, the last copy that succeeded stays: the day's budget of cards is reckoned from its people. */
function forgetOldCopies(db: Db, before: number) {
  return db
    .deleteFrom('directorySyncs')
    .where('startedAt', '<', before)
    .where('id', 'not in', (copies) =>
      copies
        .selectFrom('directorySyncs')
        .select('id')
        .where('finishedAt', 'is not', null)
        .where('error', 'is', null)
        .orderBy('finishedAt', 'desc')
        .limit(1),
    )
    .execute()
}

/** Row first here, so that no page is left with a broken picture; the orphan blob goes next time should we die between. */
async function sweepUnattached({ db, blobs }: Parts, now: number) {
  const before = now - UNATTACHED_LIFETIME
  for (;;) {
    const images = await selectUnattached(db, before, AT_A_TIME)
    for (const { id } of images) {
      if (!(await deleteUnattached(db, id))) continue
      await forgetMediaOf(db, id)
      for (const variant of VARIANTS) await blobs.delete(blobKey(id, variant))
    }
    if (images.length < AT_A_TIME) return
  }
}

async function sweepOrphans({ db, blobs }: Parts, now: number) {
  let old: string[] = []
  const sweep = async () => {
    const known = await existingImages(db, new Set(old.map(imageIdOf)))
    for (const key of old) if (!known.has(imageIdOf(key))) await blobs.delete(key)
    old = []
  }
  for await (const key of blobs.list('images/')) {
    if (bornAt(imageIdOf(key)) > now - ORPHAN_AGE) continue
    if (old.push(key) === AT_A_TIME) await sweep()
  }
  await sweep()
}

const imageIdOf = (key: string) => key.slice(key.lastIndexOf('/') + 1)

/** 26 digits of Crockford's base 32, of which the first ten are a time of 48 bits (db/id.ts). */
const ID = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/

/** Ids begin with the time they were made at. A name that is none is a file of somebody else: never old enough. */
const bornAt = (name: string) => (ID.test(name) ? decodeTime(name.toUpperCase()) : Infinity)
