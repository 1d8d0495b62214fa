import { compileOnce } from '../db/compiled.ts'
import type { Images } from '../db/schema.ts'
import type { Db } from '../parts.ts'
import type { Viewer } from './links.ts'

export const insertImage = (trx: Db, image: Images) => trx.insertInto('images').values(image).execute()

export const selectImages = (db: Db, imageIds: string[]) => imagesById(db, { imageIds })

const imagesById = compileOnce((db, { imageIds }: { imageIds: string[] }) =>
  db.selectFrom('images').selectAll().where('id', 'in', imageIds),
)

export const markAttached = (trx: Db, imageIds: string[], now: number) =>
  trx
    .updateTable('images')
    .set({ attachedAt: now })
    .where('id', 'in', imageIds)
    .where('attachedAt', 'is', null)
    .execute()

/**
 * The picture, if this person may look at it now. Administrators: what administrators uploaded, and proofs once they are
 * submitted. Employees: their own uploads, and the content of pushes they are to execute, unless the task was deleted.
 */
export function findVisibleImage(db: Db, imageId: string, viewer: Viewer): Promise<Images | undefined> {
  const image = db
    .selectFrom('images')
    .innerJoin('employees', (join) => join.on('employees.userid', '=', viewer.userid).on('employees.active', '=', 1))
    .selectAll('images')
    .where('images.id', '=', imageId)
  if (viewer.audience === 'admin') {
    return image
      .innerJoin('admins', 'admins.userid', 'employees.userid')
      .where((eb) => eb.or([eb('images.ownerAudience', '=', 'admin'), eb('images.attachedAt', 'is not', null)]))
      .executeTakeFirst()
  }
  const mine = db
    .selectFrom('executions')
    .innerJoin('pushes', 'pushes.id', 'executions.pushId')
    .innerJoin('tasks', 'tasks.id', 'executions.taskId')
    .select('pushes.id')
    .where('executions.userid', '=', viewer.userid)
    .where('tasks.deletedAt', 'is', null)
  return image
    .where((eb) =>
      eb.or([
        eb.and([eb('images.ownerAudience', '=', 'me'), eb('images.ownerUserid', '=', viewer.userid)]),
        eb.exists(mine.where('pushes.linkCoverId', '=', imageId)),
        eb.exists(
          mine.innerJoin('pushImages', 'pushImages.pushId', 'pushes.id').where('pushImages.imageId', '=', imageId),
        ),
      ]),
    )
    .executeTakeFirst()
}

/** Bytes of this person's pictures that nothing uses. */
export async function unattachedBytes(db: Db, { audience, userid }: Viewer): Promise<number> {
  const { bytes } = await db
    .selectFrom('images')
    .select(({ fn }) => fn.sum<number | string | null>('bytes').as('bytes'))
    .where('ownerUserid', '=', userid)
    .where('ownerAudience', '=', audience)
    .where('attachedAt', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(bytes ?? 0)
}

/** Pictures nobody used, oldest first. */
export const selectUnattached = (db: Db, before: number, limit: number) =>
  db
    .selectFrom('images')
    .select('id')
    .where('attachedAt', 'is', null)
    .where('createdAt', '<', before)
    .orderBy('createdAt')
    .limit(limit)
    .execute()

/** Deletes the row unless a push or proof has taken the picture meanwhile. */
export async function deleteUnattached(db: Db, imageId: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('images')
    .where('id', '=', imageId)
    .where('attachedAt', 'is', null)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export async function existingImages(db: Db, imageIds: Set<string>): Promise<Set<string>> {
  if (imageIds.size === 0) return new Set()
  const rows = await db
    .selectFrom('images')
    .select('id')
    .where('id', 'in', [...imageIds])
    .execute()
  return new Set(rows.map(({ id }) => id))
}
