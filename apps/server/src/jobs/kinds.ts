/** Every kind of background work and what it needs to know: ids only, the rows hold the truth (DESIGN.md 4.8). */
export interface JobKinds {
  'push.issue': { pushId: string }
  'card.send': { batchId: string }
  /** The same for the second and later calls of a large dispatch. */
  'card.rest': { batchId: string }
  'card.recall': { taskId: string }
  'card.update': { pushId: string }
  'media.prepare': { pushId: string }
  'media.renew': Record<string, never>
  'directory.sync': { reason: string }
  'export.build': { exportId: string }
  /** `pushId`: of the card that was pressed. */
  'callback.answer': { eventId: string; pushId: string | null }
  'callback.contacts': Record<string, never>
  /** Userids: somebody is called otherwise in WeCom. */
  'person.rename': { from: string; to: string }
  'delivery.sweep': Record<string, never>
  'housekeeping.sweep': Record<string, never>
  'backup.make': Record<string, never>
}

export type JobKind = keyof JobKinds
export type JobData<K extends JobKind> = JobKinds[K]

/**
 * How many jobs of a kind run side by side. Each kind has its own lane, so a thousand cards or a long export never
 * keep a due push waiting. A lane of 1 is for work that would only compete with itself.
 */
export const LANES: Record<JobKind, number> = {
  'push.issue': 4,
  // Apart, so that a card for ten people never waits behind the hundred calls of one for a hundred thousand.
  'card.send': 8,
  'card.rest': 8,
  'card.recall': 1,
  'card.update': 1,
  // One upload at a time: WeCom limits them, and decoding a large picture takes memory.
  'media.prepare': 1,
  'media.renew': 1,
  'directory.sync': 1,
  'export.build': 1,
  'callback.answer': 2,
  'callback.contacts': 1,
  // One after the other: the same person may be renamed again.
  'person.rename': 1,
  'delivery.sweep': 1,
  'housekeeping.sweep': 1,
  'backup.make': 1,
}

export const JOB_KINDS = Object.keys(LANES) as JobKind[]

/** Kinds that lose nothing when they are cut off, since their next run begins anew: a stopping server does so at once. */
export const RESTARTABLE: ReadonlySet<JobKind> = new Set(['directory.sync', 'housekeeping.sweep'])
