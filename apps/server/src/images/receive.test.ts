import { randomBytes } from 'node:crypto'
import { PassThrough, Readable } from 'node:stream'
import { crc32, deflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { startWork } from '../test/work.ts'
import { PICTURE_LIMITS, receiveImage } from './receive.ts'
import { NotAnImage, TooLarge, UnsupportedImage } from './refusals.ts'

const RED = { r: 230, g: 20, b: 30 }

const canvas = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: RED } })

/** A camera picture in small: 300 × 200 stored, turned by its orientation mark, with a place and a face profile. */
const photo = () =>
  canvas(300, 200)
    .composite([{ input: { create: { width: 20, height: 20, channels: 3, background: 'white' } }, left: 0, top: 0 }])
    .withExif({
      IFD0: { Make: 'SecretPhone' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '31/1 13/1 48/1' },
    })
    .withIccProfile('p3')
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()

async function pixel(image: Buffer, left: number, top: number): Promise<number[]> {
  const area = await sharp(image).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw().toBuffer()
  return [...area]
}

async function animation(format: 'gif' | 'webp'): Promise<Buffer> {
  const frames = Buffer.concat([Buffer.alloc(300, 10), Buffer.alloc(300, 250)])
  const image = sharp(frames, { raw: { width: 10, height: 20, channels: 3, pageHeight: 10 } })
  return format === 'gif' ? image.gif().toBuffer() : image.webp().toBuffer()
}

function pngChunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, checksum])
}

/** What this process works (ms) for that. */
async function workOf(work: () => Promise<unknown>): Promise<number> {
  const worked = startWork()
  await work()
  return worked()
}

/** 400 megapixels, black, one bit each: a few kilobytes that want 400 MB. */
function bomb(): Buffer {
  const SIDE = 20_000
  const header = Buffer.alloc(13)
  header.writeUInt32BE(SIDE, 0)
  header.writeUInt32BE(SIDE, 4)
  header[8] = 1 // bits per pixel, greyscale
  const pixels = deflateSync(Buffer.alloc(SIDE * (1 + SIDE / 8)))
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

describe('a good picture', () => {
  test('a photo is turned upright and loses camera, place and profile, from a stream as from a buffer', async () => {
    const original = await photo()
    expect(original.includes('SecretPhone')).toBe(true)
    const image = await receiveImage(Readable.from([original.subarray(0, 100), original.subarray(100)]))
    expect(image).toMatchObject({ type: 'image/jpeg', width: 200, height: 300 })
    const metadata = await sharp(image.bytes).metadata()
    expect(metadata).toMatchObject({ format: 'jpeg', width: 200, height: 300, space: 'srgb' })
    for (const part of ['exif', 'icc', 'xmp', 'iptc', 'orientation'] as const) expect(metadata[part]).toBeUndefined()
    expect(image.bytes.includes('SecretPhone')).toBe(false)
    // Orientation 6: what was stored top left is seen top right.
    expect((await pixel(image.bytes, 190, 10)).every((channel) => channel > 240)).toBe(true)
    expect((await receiveImage(original)).sha256).toBe(image.sha256)
    expect(image.sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  test('a PNG stays a PNG, pixel by pixel, with its transparency', async () => {
    const raw = randomBytes(64 * 64 * 4)
    const original = await sharp(raw, { raw: { width: 64, height: 64, channels: 4 } })
      .png()
      .toBuffer()
    const image = await receiveImage(original)
    expect(image).toMatchObject({ type: 'image/png', width: 64, height: 64 })
    expect((await sharp(image.bytes).raw().toBuffer()).equals(raw)).toBe(true)
  })

  test('a JPEG keeps its pixels and nearly all of its sharpness', async () => {
    const noise = randomBytes(200 * 200 * 3)
    const smooth = sharp(noise, { raw: { width: 200, height: 200, channels: 3 } }).blur(4)
    const original = await smooth.jpeg({ quality: 95 }).toBuffer()
    const image = await receiveImage(original)
    const [before, after] = await Promise.all([original, image.bytes].map((one) => sharp(one).raw().toBuffer()))
    const squares = before!.reduce((sum, value, i) => sum + (value - after![i]!) ** 2, 0)
    expect(Math.sqrt(squares / before!.length)).toBeLessThan(3)
  })

  test.each(['gif', 'webp'] as const)('a still %s becomes what WeCom takes', async (format) => {
    const original = await canvas(40, 30).toFormat(format).toBuffer()
    const image = await receiveImage(original)
    expect(image).toMatchObject({ type: format === 'gif' ? 'image/png' : 'image/jpeg', width: 40, height: 30 })
  })

  test('a transparent WebP keeps its transparency', async () => {
    const original = await sharp(randomBytes(400), { raw: { width: 10, height: 10, channels: 4 } })
      .webp()
      .toBuffer()
    expect((await receiveImage(original)).type).toBe('image/png')
  })

  test('a CMYK JPEG comes out in sRGB', async () => {
    const original = await canvas(20, 20).toColourspace('cmyk').jpeg().toBuffer()
    const image = await receiveImage(original)
    expect((await sharp(image.bytes).metadata()).space).toBe('srgb')
  })

  test.each([
    ['large', [1600, 800], [320, 160], [1440, 720]],
    ['small', [50, 60], [50, 60], [50, 60]],
    ['very long', [1000, 8000], [40, 320], [540, 4320]],
    ['a thread', [2, 9000], [1, 320], [1, 4320]],
  ])('of one that is %s the smaller ones keep its shape and never grow', async (_, [width, height], thumb, screen) => {
    const image = await canvas(width!, height!).png().toBuffer()
    const { small } = await receiveImage(image, PICTURE_LIMITS, ['thumb', 'screen'])
    for (const [variant, size] of [
      [small.thumb, thumb],
      [small.screen, screen],
    ] as const) {
      expect(await sharp(variant).metadata()).toMatchObject({ format: 'webp', width: size[0], height: size[1] })
    }
  })

  test('what would come out larger than allowed is stored more tightly', async () => {
    const noise = sharp(randomBytes(300 * 300 * 3), { raw: { width: 300, height: 300, channels: 3 } })
    const original = await noise.webp({ quality: 90 }).toBuffer()
    const maxBytes = original.length + 1_000
    const image = await receiveImage(original, { ...PICTURE_LIMITS, maxBytes })
    expect(image.bytes.length).toBeLessThanOrEqual(maxBytes)
  })

  test('what hides behind the end of a picture is gone', async () => {
    const polyglot = Buffer.concat([await canvas(20, 20).jpeg().toBuffer(), Buffer.from('<script>alert(1)</script>')])
    const image = await receiveImage(polyglot)
    expect(image.bytes.includes('<script>')).toBe(false)
  })
})

describe('a picture that is refused', () => {
  test('more bytes than allowed: reading stops there, and the rest flows away', async () => {
    const body = new PassThrough()
    let read = 0
    body.on('data', (part: Buffer) => (read += part.length)).pause()
    const received = receiveImage(body, { ...PICTURE_LIMITS, maxBytes: 1024 * 1024 })
    for (let i = 0; i < 30; i++) body.write(Buffer.alloc(100_000, 0xff))
    await expect(received).rejects.toThrow('图片不能超过 1 MB')
    await expect(received).rejects.toThrow(TooLarge)
    body.end(Buffer.alloc(100_000))
    await new Promise((resolve) => body.once('end', resolve))
    expect(read).toBe(3_100_000)
  })

  test('a bomb: 20,000 × 20,000 pixels in a small file, at once and without decoding', async () => {
    const file = bomb()
    expect(file.length).toBeLessThan(100_000)
    await receiveImage(await canvas(10, 10).png().toBuffer()) // the libraries are loaded
    const memory = process.memoryUsage().rss
    const worked = startWork()
    for (let i = 0; i < 5; i++) {
      await expect(receiveImage(file)).rejects.toThrow('图片不能超过 4000 万像素，请缩小后再上传')
    }
    // A decoder takes more than that for one.
    expect(worked()).toBeLessThan(500)
    expect(process.memoryUsage().rss - memory).toBeLessThan(100 * 1024 * 1024)
  })

  test('a thread: few pixels, but more of them in a row than a JPEG can have, before any is decoded', async () => {
    for (const [width, height] of [
      [1, 66_000],
      [66_000, 1],
    ] as const) {
      const file = await canvas(width, height).png().toBuffer()
      await expect(receiveImage(file)).rejects.toThrow('图片的边长不能超过 65535 像素，请裁剪后再上传')
    }
  })

  test.each([
    ['progressive JPEG', (picture: Sharp) => picture.jpeg({ progressive: true })],
    ['interlaced PNG', (picture: Sharp) => picture.png({ progressive: true })],
    ['WebP', (picture: Sharp) => picture.webp({ effort: 0 })],
    ['GIF', (picture: Sharp) => picture.gif({ effort: 1 })],
  ])(
    'more than 13 megapixels as a %s, whose decoder would hold all of them, before any is decoded',
    async (_, save) => {
      const file = await save(canvas(4100, 3200)).toBuffer()
      const [refusing, decoding] = [
        await workOf(() =>
          expect(receiveImage(file)).rejects.toThrow('不能超过 1300 万像素，请另存为普通 JPG 后再上传'),
        ),
        await workOf(() => sharp(file).raw().toBuffer()),
      ]
      expect(refusing).toBeLessThan(decoding / 2)
      expect((await receiveImage(await save(canvas(400, 300)).toBuffer())).width).toBe(400)
    },
  )

  test('but not as a JPEG or PNG that is read line by line', async () => {
    for (const file of [await canvas(4100, 3200).jpeg().toBuffer(), await canvas(4100, 3200).png().toBuffer()]) {
      expect(await receiveImage(file)).toMatchObject({ width: 4100, height: 3200 })
    }
  })

  test('and the largest of those takes little memory, in and out', async () => {
    const file = await canvas(7300, 5400).jpeg({ chromaSubsampling: '4:4:4', optimizeCoding: false }).toBuffer()
    const before = process.memoryUsage.rss()
    let peak = before
    const look = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5)
    expect(await receiveImage(file)).toMatchObject({ width: 7300, height: 5400 })
    clearInterval(look)
    expect(peak - before).toBeLessThan(100 * 1024 * 1024)
  })

  test.each(['gif', 'webp'] as const)('an animated %s', async (format) => {
    await expect(receiveImage(await animation(format))).rejects.toThrow('暂不支持动图，请换成静态图片')
  })

  test('an animated PNG', async () => {
    const still = await canvas(10, 10).png().toBuffer()
    const HEADER_END = 33
    const animated = Buffer.concat([
      still.subarray(0, HEADER_END),
      pngChunk('acTL', Buffer.alloc(8)),
      still.subarray(HEADER_END),
    ])
    await expect(receiveImage(animated)).rejects.toMatchObject({ reason: 'animated' })
  })

  test('a HEIC photo, with a message of its own', async () => {
    const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(100)])
    await expect(receiveImage(heic)).rejects.toThrow('暂不支持 HEIC 照片，请在手机上转换成 JPG 后再上传')
  })

  test.each([
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '<?xml version="1.0"?>\n<!-- made by hand -->\n<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
  ])('an SVG: %s', async (svg) => {
    await expect(receiveImage(Buffer.from(svg))).rejects.toMatchObject({ reason: 'svg', code: 'unsupported_media' })
  })

  test.each(['BM', 'II*\0', 'MM\0*', '\0\0\0\x1cftypavif'])('another format: %j', async (start) => {
    const file = Buffer.concat([Buffer.from(start, 'latin1'), Buffer.alloc(100)])
    await expect(receiveImage(file)).rejects.toThrow(UnsupportedImage)
  })

  test.each([
    ['an HTML page', '<html><script>alert(1)</script></html>'],
    ['comments without an end, which once took for ever to read', `${'<!---->'.repeat(140)}x`],
    ['a page that mentions SVG', '<html><svg></svg></html>'],
    ['nothing', ''],
    ['a workbook', 'PK\x03\x04'],
  ])('no picture at all: %s', async (_, content) => {
    await expect(receiveImage(Buffer.from(content))).rejects.toThrow('这不是有效的图片，请选择 JPG 或 PNG 图片')
  })

  test('a slow pattern in a long text takes no time to judge', async () => {
    const worked = startWork()
    await expect(receiveImage(Buffer.from('<!--'.repeat(500_000)))).rejects.toThrow(NotAnImage)
    await expect(receiveImage(Buffer.from(' \n'.repeat(500_000)))).rejects.toThrow(NotAnImage)
    expect(worked()).toBeLessThan(500)
  })

  test.each(['jpeg', 'png', 'webp'] as const)('a %s cut off half-way', async (format) => {
    const noise = sharp(randomBytes(200 * 200 * 3), { raw: { width: 200, height: 200, channels: 3 } })
    const whole = await noise.toFormat(format).toBuffer()
    await expect(receiveImage(whole.subarray(0, whole.length / 2))).rejects.toThrow('图片已损坏或不完整，请重新选择')
    await expect(receiveImage(whole.subarray(0, 16))).rejects.toThrow(NotAnImage)
  })

  test('a stream that breaks passes its own error on', async () => {
    const broken = new PassThrough()
    const received = receiveImage(broken)
    broken.destroy(new Error('the phone went into a tunnel'))
    await expect(received).rejects.toThrow('tunnel')
  })
})
