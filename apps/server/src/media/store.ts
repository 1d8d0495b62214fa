import type { MediaKind, WecomMedia } from '../db/schema.ts'
import type { Db } from '../parts.ts'

export interface NeededMedia {
  imageId: string
  kind: MediaKind
}

/** How long (ms) after its issue a push that is not finished has its media renewed. */
const RENEWED_FOR = 30 * 24 * 3_600_000

/**
 * What WeCom has not got of a push's pictures, or not beyond `until`, in the order in which they are shown. Nothing when
 * the push is not for WeCom's Moments, or was deleted.
 */
export async function neededMedia(db: Db, pushId: string, until: number): Promise<NeededMedia[]> {
  const push = await db
    .selectFrom('pushes')
    .innerJoin('tasks', 'tasks.id', 'pushes.taskId')
    .select('pushes.linkCoverId')
    .where('pushes.id', '=', pushId)
    .where('pushes.state', '!=', 'cancelled')
    .where('tasks.sendScope', '!=', 'wechat')
    .where('tasks.deletedAt', 'is', null)
    .executeTakeFirst()
  if (!push) return []
  const pictures = await db
    .selectFrom('pushImages')
    .select('imageId')
    .where('pushId', '=', pushId)
    .orderBy('position')
    .execute()
  const wanted: NeededMedia[] = pictures.map(({ imageId }) => ({ imageId, kind: 'picture' }))
  if (push.linkCoverId !== null) wanted.push({ imageId: push.linkCoverId, kind: 'cover' })
  const kept = await mediaOf(
    db,
    wanted.map(({ imageId }) => imageId),
    until,
  )
  return wanted.filter(({ imageId, kind }) => !kept.has(mediaKey(imageId, kind)))
}

export const mediaKey = (imageId: string, kind: MediaKind) => `${kind} ${imageId}`

/** Media ids and cover URLs that live beyond this moment, by `mediaKey`. */
export async function mediaOf(db: Db, imageIds: readonly string[], until: number): Promise<Map<string, string>> {
  if (imageIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('wecomMedia')
    .selectAll()
    .where('imageId', 'in', imageIds)
    .where((eb) => eb.or([eb('expiresAt', 'is', null), eb('expiresAt', '>', until)]))
    .execute()
  return new Map(rows.map(({ imageId, kind, value }) => [mediaKey(imageId, kind), value]))
}

export async function keepMedia(db: Db, media: WecomMedia) {
  await db
    .insertInto('wecomMedia')
    .values(media)
    .onConflict((conflict) => conflict.columns(['imageId', 'kind']).doUpdateSet(media))
    .execute()
}

/** Issued pushes somebody still has to publish, one of whose pictures WeCom is about to forget. */
export async function pushesToRenew(db: Db, { now, until }: { now: number; until: number }): Promise<string[]> {
  const rows = await db
    .selectFrom('wecomMedia')
    .innerJoin('pushImages', 'pushImages.imageId', 'wecomMedia.imageId')
    .innerJoin('pushes', 'pushes.id', 'pushImages.pushId')
    .select('pushes.id')
    .distinct()
    .where('wecomMedia.expiresAt', '<=', until)
    .where('pushes.state', '=', 'issued')
    .where('pushes.issuedAt', '>', now - RENEWED_FOR)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('executions')
          .select('executions.userid')
          .whereRef('executions.pushId', '=', 'pushes.id')
          .where('executions.executedAt', 'is', null),
      ),
    )
    .execute()
  return rows.map(({ id }) => id)
}

/** Of a picture that is gone. */
export const forgetMediaOf = (db: Db, imageId: string) =>
  db.deleteFrom('wecomMedia').where('imageId', '=', imageId).execute()

/** What WeCom has forgotten. */
export const forgetMedia = (db: Db, now: number) => db.deleteFrom('wecomMedia').where('expiresAt', '<', now).execute()
