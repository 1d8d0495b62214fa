import { NotAnImage, UnsupportedImage } from './refusals.ts'

export type ImageKind = 'jpeg' | 'png' | 'webp' | 'gif'

/** Brands of ISO base media files (bytes 8 to 11, ISO/IEC 23008-12 annex B): how phones mark their HEIC photos. */
const HEIC_BRANDS = new Set(['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'])

/**
 * Tells the kind of picture by its first bytes: names and Content-Type headers come from the sender and prove nothing.
 * Only what passes here is ever given to a decoder.
 * @throws {NotAnImage} @throws {UnsupportedImage}
 */
export function sniff(bytes: Buffer): ImageKind {
  const text = (from: number, to: number) => bytes.toString('latin1', from, to)
  if (text(0, 3) === '\xff\xd8\xff') return 'jpeg'
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') {
    if (isAnimatedPng(bytes)) throw new UnsupportedImage('animated')
    return 'png'
  }
  if (text(0, 6) === 'GIF87a' || text(0, 6) === 'GIF89a') return 'gif'
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp'
  if (text(4, 8) === 'ftyp') {
    if (HEIC_BRANDS.has(text(8, 12))) throw new UnsupportedImage('heic')
    if (text(8, 12) === 'avif') throw new UnsupportedImage('format')
  }
  if (text(0, 2) === 'BM' || text(0, 4) === 'II*\0' || text(0, 4) === 'MM\0*') throw new UnsupportedImage('format')
  if (isSvg(text(0, 1024))) throw new UnsupportedImage('svg')
  throw new NotAnImage()
}

/**
 * Two looks, each of which goes through the text once: one expression for prolog, comments and tag took for ever to say no
 * to a hundred comments in a row.
 */
const isSvg = (text: string) =>
  /^(\xef\xbb\xbf)?\s*<(\?xml|!--|!doctype svg|svg)/i.test(text) && /<svg[\s>]/i.test(text)

/** An animated PNG has an acTL chunk before its first IDAT; decoders that do not know it show the first picture. */
function isAnimatedPng(bytes: Buffer): boolean {
  const SIGNATURE = 8
  const LENGTH_TYPE_AND_CRC = 12
  for (let at = SIGNATURE; at + 8 <= bytes.length; at += bytes.readUInt32BE(at) + LENGTH_TYPE_AND_CRC) {
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (type === 'acTL') return true
    if (type === 'IDAT') return false
  }
  return false
}
