import sharp from 'sharp'
import { dice } from '../tasks/names.ts'

const [WIDTH, HEIGHT] = [1170, 2532]

/** A phone's screenshot of a Moments post, 1170 × 2532: text on white and three photographs, about 300 KB as JPEG. */
export async function screenshot(): Promise<Buffer> {
  const roll = dice(1)
  const line = (_: unknown, at: number) =>
    `<text x="60" y="${260 + at * 90}" font-size="${44 + roll(8)}">${'新品到店，欢迎来店试用 '.repeat(2)}${roll(1e6)}</text>`
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
    <rect width="100%" height="100%" fill="white"/>${Array.from({ length: 12 }, line).join('')}</svg>`
  const photograph = await sharp({
    create: {
      width: 340,
      height: 340,
      channels: 3,
      background: 'gray',
      noise: { type: 'gaussian', mean: 128, sigma: 18 },
    },
  })
    .blur(0.8)
    .png()
    .toBuffer()
  const photographs = [60, 415, 770].map((left) => ({ input: photograph, left, top: 1500 }))
  return sharp(Buffer.from(text)).composite(photographs).jpeg({ quality: 85 }).toBuffer()
}
