import { buffer } from 'node:stream/consumers'
import { MINUTE } from '@qimeng/contract/time'
import { uploadImageUrl, uploadMomentsMedia, WecomError, WecomUnreachable } from '@qimeng/wecom'
import { BlobsUnavailable } from '../blobs/blobs.ts'
import { blobKey } from '../images/images.ts'
import { type JobContext, RetryLater } from '../jobs/jobs.ts'
import type { Parts } from '../parts.ts'
import { forCover, forMoments } from './picture.ts'
import { keepMedia, type NeededMedia, neededMedia } from './store.ts'

/** A media id that lives no longer than this (ms) is renewed; WeCom keeps media for three days (WECOM.md 6). */
export const RENEW_WITHIN = 24 * 60 * MINUTE

/**
 * Hands the pictures of a push to WeCom, so that its Moments composer opens with them filled in. Without it, as for a corp
 * whose app has no 客户联系 permission, the phone shows how to save and add them by hand: nothing waits for this.
 * @throws {RetryLater} when WeCom could not be asked, or the pictures could not be read
 */
export async function prepareMedia(parts: Parts, pushId: string, job: JobContext): Promise<void> {
  const { db, clock, log } = parts
  for (const needed of await neededMedia(db, pushId, clock.now() + RENEW_WITHIN)) {
    if (!(await job.stillMine())) return
    try {
      const media = await upload(parts, needed)
      if (media) await keepMedia(db, { ...needed, ...media })
    } catch (error) {
      if (error instanceof WecomUnreachable || error instanceof BlobsUnavailable)
        throw new RetryLater(MINUTE, error.message)
      if (!(error instanceof WecomError)) throw error
      if (error.kind === 'retry' || error.kind === 'token') throw new RetryLater(MINUTE, error.message)
      log.warn(
        { pushId, errcode: error.errcode },
        'WeCom does not take pictures for Moments; employees add them by hand',
      )
      return
    }
  }
}

async function upload({ wecom, blobs }: Parts, { imageId, kind }: NeededMedia) {
  const blob = await blobs.get(blobKey(imageId, 'full'))
  if (!blob) return undefined
  const original = await buffer(blob.stream)
  const filename = `${imageId}.jpg`
  if (kind === 'cover') {
    const file = { bytes: await forCover(original), filename, contentType: 'image/jpeg' }
    return { value: await uploadImageUrl(wecom, file), expiresAt: null }
  }
  const file = { bytes: await forMoments(original), filename, contentType: 'image/jpeg' }
  const { mediaId, expiresAt } = await uploadMomentsMedia(wecom, 'image', file)
  return { value: mediaId, expiresAt }
}
