import type { Db } from '../parts.ts'

/** The pictures and covers of a task's pushes. */
export async function picturesOf(db: Db, taskId: string): Promise<string[]> {
  const images = await db
    .selectFrom('pushImages')
    .innerJoin('pushes', 'pushes.id', 'pushImages.pushId')
    .select('pushImages.imageId')
    .where('pushes.taskId', '=', taskId)
    .execute()
  const covers = await db
    .selectFrom('pushes')
    .select('linkCoverId')
    .where('taskId', '=', taskId)
    .where('linkCoverId', 'is not', null)
    .execute()
  return [...new Set([...images.map(({ imageId }) => imageId), ...covers.map(({ linkCoverId }) => linkCoverId!)])]
}

/** Of these pictures, those no push shows any more are swept like any other that nobody uses. */
export async function releasePictures(trx: Db, imageIds: readonly string[]) {
  if (imageIds.length === 0) return
  const shown = trx.selectFrom('pushImages').select('imageId').where('imageId', 'in', imageIds)
  const covers = trx.selectFrom('pushes').select('linkCoverId').where('linkCoverId', 'in', imageIds)
  await trx
    .updateTable('images')
    .set({ attachedAt: null })
    .where('id', 'in', imageIds)
    .where('id', 'not in', shown)
    .where('id', 'not in', covers)
    .execute()
}
