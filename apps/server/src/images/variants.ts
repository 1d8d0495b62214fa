import sharp from 'sharp'
import type { Metadata, Sharp, SharpOptions } from 'sharp'
import { TooLarge } from './refusals.ts'
import type { ImageKind } from './sniff.ts'

// Each picture is worked on once: libvips' cache of operations would only hold memory.
sharp.cache(false)

/**
 * Bounds (px) of a picture's sides: small in lists and grids, and for a phone's page, where a lone picture takes two thirds of
 * the width. There a very long one is cut to three times its width, so it is the width that must stay sharp.
 */
const BOUNDS = { thumb: { short: 320, long: 320 }, screen: { short: 720, long: 4320 } }
export type SmallVariant = keyof typeof BOUNDS
/** Of all but the full picture. */
export const SMALL_TYPE = 'image/webp'

/** A picture that keeps the decoder busy for longer (s) was made for that. */
const DECODE_SECONDS = 20

/** 90 cannot be told from the original; the next ones only serve when that is larger than WeCom takes (WECOM.md 6). */
const JPEG_QUALITIES = [90, 85, 80, 65]

/**
 * Pixels up to which a JPEG's codes are fitted to the picture. That saves 6 % of a photo's bytes, and keeps all of its
 * coefficients in memory until the last line is known: 6 to 12 bytes a pixel, 475 MB of the largest.
 */
const MOST_FITTED = 8_000_000

export interface CleanImage {
  bytes: Buffer
  type: 'image/jpeg' | 'image/png'
  width: number
  height: number
}

export const decoding = (maxPixels: number): SharpOptions => ({
  limitInputPixels: maxPixels,
  failOn: 'truncated',
  sequentialRead: true,
})

/**
 * Draws the picture anew: upright as its EXIF orientation says, in sRGB, and with nothing besides the pixels, since sharp
 * writes no metadata unless told to. PNG and GIF become PNG, so does a transparent WebP; all else becomes JPEG.
 */
export async function redraw(
  source: Buffer,
  of: { kind: ImageKind; metadata: Metadata; maxBytes: number; maxPixels: number },
): Promise<CleanImage> {
  const upright = () => sharp(source, decoding(of.maxPixels)).autoOrient().timeout({ seconds: DECODE_SECONDS })
  const lossless = of.kind === 'png' || of.kind === 'gif' || (of.kind === 'webp' && of.metadata.hasAlpha)
  if (lossless) {
    const png = await finish(upright().png(), 'image/png')
    if (png.bytes.length <= of.maxBytes) return png
  }
  // What was sharp in colour stays so: screenshots are often 4:4:4, camera pictures 4:2:0.
  const chromaSubsampling = of.kind === 'jpeg' ? (of.metadata.chromaSubsampling ?? '4:4:4') : '4:4:4'
  const optimizeCoding = of.metadata.width * of.metadata.height <= MOST_FITTED
  for (const quality of JPEG_QUALITIES) {
    const onWhite = upright().flatten({ background: 'white' })
    const jpeg = await finish(
      onWhite.jpeg({ quality, optimizeCoding, chromaSubsampling: chromaSubsampling === '4:2:0' ? '4:2:0' : '4:4:4' }),
      'image/jpeg',
    )
    if (jpeg.bytes.length <= of.maxBytes) return jpeg
  }
  throw new TooLarge('图片太大了，请缩小后再上传')
}

async function finish(image: Sharp, type: CleanImage['type']): Promise<CleanImage> {
  const { data, info } = await image.toBuffer({ resolveWithObject: true })
  return { bytes: data, type, width: info.width, height: info.height }
}

/** A smaller one, of a picture that was already redrawn. Never larger than the picture itself. */
export function smaller(clean: CleanImage, variant: SmallVariant): Promise<Buffer> {
  const { width, height } = clean
  const { short, long } = BOUNDS[variant]
  const scale = Math.min(1, short / Math.min(width, height), long / Math.max(width, height))
  const scaled = (side: number) => Math.max(1, Math.round(side * scale))
  return sharp(clean.bytes, decoding(width * height))
    .resize({ width: scaled(width), height: scaled(height), fit: 'fill' })
    .webp({ quality: 80 })
    .toBuffer()
}
