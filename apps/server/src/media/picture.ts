import sharp from 'sharp'
import type { Sharp } from 'sharp'

/** What a picture in a Moments post may have at most, e.g. 1440 × 1080 (WECOM.md 6). */
export const MOMENTS_PIXELS = 1_555_200
/** A link's cover is shown as a small square; far below the 2 MB of media/uploadimg. */
const COVER_SIDE = 600

/** The picture as WeCom's Moments take it: a JPEG of at most 1,555,200 pixels, never enlarged. */
export async function forMoments(original: Buffer): Promise<Buffer> {
  const { width, height } = await sharp(original).metadata()
  const scale = Math.min(1, Math.sqrt(MOMENTS_PIXELS / (width * height)))
  // Rounded down on both sides, so that the product stays below the cap.
  const size = { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) }
  return toJpeg(sharp(original).resize({ ...size, fit: 'fill' }))
}

export const forCover = (original: Buffer): Promise<Buffer> =>
  toJpeg(sharp(original).resize({ width: COVER_SIDE, height: COVER_SIDE, fit: 'inside', withoutEnlargement: true }))

const toJpeg = (image: Sharp) => image.flatten({ background: 'white' }).jpeg({ quality: 90 }).toBuffer()
