import type { Readable } from 'node:stream'
import type { ImageView } from '@qimeng/contract'
import { newId } from '../db/id.ts'
import type { ImagePurpose, Images } from '../db/schema.ts'
import type { Db, Parts } from '../parts.ts'
import { Refusal } from '../refusal.ts'
import { pictureUrl, type Signer, signerOf, type Variant, type Viewer } from './links.ts'
import { PICTURE_LIMITS, receiveImage } from './receive.ts'
import { insertImage, markAttached, selectImages, unattachedBytes } from './store.ts'
import type { SmallVariant } from './variants.ts'

export const blobKey = (imageId: string, variant: Variant) => `images/${variant}/${imageId}`

/**
 * Bytes of pictures that one person may have lying about unused; they go after 7 days. A task with all its pictures has 450
 * MB at the very most.
 */
const UNUSED_QUOTA = 1024 ** 3
const HOUR_IN_SECONDS = 3600

/** A picture to publish may fill a phone's screen; proofs and covers are looked at small, or with all their pixels. */
const SMALL: Record<ImagePurpose, readonly SmallVariant[]> = {
  content: ['thumb', 'screen'],
  cover: ['thumb'],
  proof: ['thumb'],
}

type ViewParts = Pick<Parts, 'db' | 'clock'>

/**
 * Takes an upload in. Bytes first, row second: a blob without a row is swept up, a row without a blob would be a broken
 * picture.
 * @throws {Refusal} too_many_requests, when this person has too much lying about
 * @param remember stores the reply for the request's Idempotency-Key, in the same transaction as the row
 */
export async function storeImage(
  parts: Parts,
  {
    stream,
    owner,
    purpose,
    remember,
  }: {
    stream: Readable
    owner: Viewer
    purpose: ImagePurpose
    remember: (trx: Db, reply: ImageView) => Promise<ImageView>
  },
): Promise<ImageView> {
  if ((await unattachedBytes(parts.db, owner)) >= UNUSED_QUOTA) {
    const message = '已上传而没有使用的图片太多了，请过几天再上传'
    throw new Refusal('too_many_requests', message, { retryAfter: HOUR_IN_SECONDS })
  }
  const received = await receiveImage(stream, PICTURE_LIMITS, SMALL[purpose], owner.userid)
  const { bytes, sha256, type, width, height } = received
  const id = newId()
  const store = (variant: Variant, picture: Buffer) => parts.blobs.put(blobKey(id, variant), picture, { once: true })
  // Side by side: each waits for the disk, or for a store further away.
  await Promise.all([
    store('full', bytes),
    ...SMALL[purpose].map((variant) => store(variant, received.small[variant]!)),
  ])
  const createdAt = parts.clock.now()
  const image: Images = {
    ...{ id, sha256, type, bytes: bytes.length, width, height, purpose, createdAt, attachedAt: null },
    ownerUserid: owner.userid,
    ownerAudience: owner.audience,
  }
  parts.metrics.uploads.inc({ purpose }, bytes.length)
  return parts.db.transaction().execute(async (trx) => {
    await insertImage(trx, image)
    return remember(trx, viewOf(await signerOf({ ...parts, db: trx }), image, owner))
  })
}

/** Pictures with links for this viewer, by id. Give `{ ...parts, db: trx }` inside a transaction. */
export async function viewImages(
  parts: ViewParts,
  imageIds: Iterable<string>,
  viewer: Viewer,
): Promise<Map<string, ImageView>> {
  const ids = [...new Set(imageIds)]
  if (ids.length === 0) return new Map()
  const images = await selectImages(parts.db, ids)
  const signer = await signerOf(parts)
  return new Map(images.map((image) => [image.id, viewOf(signer, image, viewer)]))
}

export function viewOf(signer: Signer, { id, width, height, purpose }: Images, viewer: Viewer): ImageView {
  const url = (variant: Variant) => pictureUrl(signer, { imageId: id, variant, viewer, purpose })
  return { id, width, height, thumb: url('thumb'), full: url('full') }
}

/** Of pictures to publish, for a phone's screen: the originals may be many times as large. */
export async function withScreens<Image extends { id: string }>(
  parts: ViewParts,
  images: Image[],
  viewer: Viewer,
): Promise<(Image & { screen: string })[]> {
  if (images.length === 0) return []
  const signer = await signerOf(parts)
  return images.map((image) => ({
    ...image,
    screen: pictureUrl(signer, { imageId: image.id, variant: 'screen', viewer, purpose: 'content' }),
  }))
}

/**
 * Uses pictures in a push or proof, in its transaction. They must be the owner's own uploads; an administrator may also
 * use what another administrator's task uses already, as when a task is copied.
 * @param path the field of the request that names them, for the message
 * @throws {Refusal} invalid
 */
export async function attachImages(
  trx: Db,
  imageIds: string[],
  { owner, purpose, path, now }: { owner: Viewer; purpose: ImagePurpose; path: (string | number)[]; now: number },
) {
  if (imageIds.length === 0) return
  const images = await selectImages(trx, imageIds)
  const usable = new Set(
    images.filter((image) => image.purpose === purpose && mayUse(image, owner)).map(({ id }) => id),
  )
  const gone = imageIds.findIndex((id) => !usable.has(id))
  if (gone >= 0) {
    const message = '图片已失效，请重新上传'
    throw new Refusal('invalid', message, { issues: [{ path: purpose === 'cover' ? path : [...path, gone], message }] })
  }
  await markAttached(trx, imageIds, now)
}

const mayUse = (image: Images, owner: Viewer) =>
  image.ownerAudience === owner.audience &&
  (image.ownerUserid === owner.userid || (owner.audience === 'admin' && image.attachedAt !== null))
