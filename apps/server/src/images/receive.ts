import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { LIMITS } from '@qimeng/contract/limits'
import sharp, { type Metadata } from 'sharp'
import { Refusal } from '../refusal.ts'
import { queue } from '../queue.ts'
import { NotAnImage, TooLarge, UnsupportedImage } from './refusals.ts'
import { sniff } from './sniff.ts'
import { decoding, redraw, smaller } from './variants.ts'
import type { CleanImage, SmallVariant } from './variants.ts'

export interface ReceiveLimits {
  maxBytes: number
  maxPixels: number
}

/** What phones take and screens show: 40 megapixels are 7,300 × 5,400. */
export const PICTURE_LIMITS: ReceiveLimits = { maxBytes: LIMITS.imageBytes, maxPixels: 40_000_000 }

/** What a JPEG can have. A PNG of one pixel by 39 million kept the decoder busy for 20 seconds. */
const LONGEST_SIDE = 65_535

/**
 * What a decoder must hold as a whole before it gives a single line away (progressive JPEG, interlaced PNG, WebP, GIF) costs up
 * to 17 bytes a pixel: 700 MB at 40 megapixels, in a file of half a megabyte. 13 megapixels are a phone's usual photo, and
 * four times a screenshot; cameras, which make more, write lines one after the other.
 */
const MOST_HELD_WHOLE = 13_000_000

/** A picture of the largest size takes up to 350 MB while it is worked on: more at once could take the server's memory. */
const inTurn = queue(2)

export interface ReceivedImage extends CleanImage {
  /** Of `bytes`, in hex. */
  sha256: string
  /** As WebP, those that were asked for. */
  small: Partial<Record<SmallVariant, Buffer>>
}

/**
 * Takes an uploaded picture in: size, first bytes, dimensions, and only then the pixels, each step cheaper than the harm
 * it prevents. What comes out was drawn anew and carries no EXIF, GPS or hidden content.
 * A stream that turns out too large is left flowing, so that the form around it can be parsed to its end.
 * @param variants the smaller ones to make of it @param who sent it: nobody waits for all that another one has sent
 * @throws {TooLarge} @throws {NotAnImage} @throws {UnsupportedImage}
 */
export async function receiveImage(
  source: Readable | Buffer,
  limits = PICTURE_LIMITS,
  variants: readonly SmallVariant[] = ['thumb'],
  who = '',
): Promise<ReceivedImage> {
  const bytes = await readUpTo(source, limits.maxBytes)
  return inTurn(() => redrawSafely(bytes, limits, variants), who)
}

async function redrawSafely(
  bytes: Buffer,
  limits: ReceiveLimits,
  variants: readonly SmallVariant[],
): Promise<ReceivedImage> {
  const kind = sniff(bytes)
  const metadata = await readHeader(bytes)
  const pixels = metadata.width * metadata.height
  if (pixels > limits.maxPixels) {
    throw new TooLarge(`图片不能超过 ${Math.floor(limits.maxPixels / 10_000)} 万像素，请缩小后再上传`)
  }
  if (Math.max(metadata.width, metadata.height) > LONGEST_SIDE) {
    throw new TooLarge(`图片的边长不能超过 ${LONGEST_SIDE} 像素，请裁剪后再上传`)
  }
  if (isHeldWhole(metadata) && pixels > MOST_HELD_WHOLE) {
    throw new TooLarge(
      `渐进式 JPG、交错 PNG、WebP 和 GIF 不能超过 ${MOST_HELD_WHOLE / 10_000} 万像素，请另存为普通 JPG 后再上传`,
    )
  }
  if ((metadata.pages ?? 1) > 1) throw new UnsupportedImage('animated')
  const clean = await redraw(bytes, { kind, metadata, ...limits }).catch(asDamaged)
  const small: ReceivedImage['small'] = {}
  for (const variant of variants) small[variant] = await smaller(clean, variant)
  return { ...clean, sha256: createHash('sha256').update(clean.bytes).digest('hex'), small }
}

const isHeldWhole = ({ format, isProgressive }: Metadata) => isProgressive || format === 'webp' || format === 'gif'

async function readUpTo(source: Readable | Buffer, maxBytes: number): Promise<Buffer> {
  const tooLarge = () => new TooLarge(`图片不能超过 ${Math.floor(maxBytes / 1024 / 1024)} MB`)
  if (Buffer.isBuffer(source)) {
    if (source.length > maxBytes) throw tooLarge()
    return source
  }
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maxBytes) {
      source.resume()
      throw tooLarge()
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Dimensions without decoding a pixel, however many the header claims: judging them is ours. */
const readHeader = (bytes: Buffer) =>
  sharp(bytes, { ...decoding(0), limitInputPixels: false })
    .metadata()
    .catch(asDamaged)

function asDamaged(error: unknown): never {
  if (error instanceof Refusal) throw error
  throw new NotAnImage('图片已损坏或不完整，请重新选择', error)
}
