import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Locator, test } from '@playwright/test'
import sharp from 'sharp'

/** A file as `setInputFiles` takes it. */
export interface TestFile {
  name: string
  mimeType: string
  buffer: Buffer
}

/** More than this (bytes) takes a browser seconds to be told. */
const MUCH = 1_000_000

/** Chooses files in a field for files: large ones lie on the disk, and the browser is told where. */
export async function choose(field: Locator, files: TestFile[]): Promise<void> {
  const bytes = files.reduce((sum, { buffer }) => sum + buffer.length, 0)
  await field.setInputFiles(bytes > MUCH ? await onDisk(files) : files)
}

async function onDisk(files: TestFile[]): Promise<string[]> {
  const { outputDir } = test.info()
  await mkdir(outputDir, { recursive: true })
  const folder = await mkdtemp(join(outputDir, 'files-'))
  const paths = files.map(({ name }) => join(folder, name))
  await Promise.all(files.map(({ buffer }, index) => writeFile(paths[index]!, buffer)))
  return paths
}

/** A real picture: stripes in a colour of its own, so that no two are equal and each can be told apart by eye. */
export async function aPicture(name: string, colour: string, { width = 900, height = 900 } = {}): Promise<TestFile> {
  const stripes = Array.from(
    { length: 6 },
    (_, index) =>
      `<rect x="${(index * width) / 6}" width="${width / 12}" height="${height}" fill="#fff" opacity="${0.1 + index * 0.1}"/>`,
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="${colour}"/>${stripes.join('')}
    <circle cx="${width / 2}" cy="${height / 2}" r="${Math.min(width, height) / 4}" fill="#fff"/></svg>`
  const buffer = await sharp(Buffer.from(svg)).jpeg({ quality: 88 }).toBuffer()
  return { name, mimeType: 'image/jpeg', buffer }
}

export const aSmallPicture = (name: string, colour = '#486') => aPicture(name, colour, { width: 60, height: 60 })

/** A photo as an iPhone stores it. */
export const aHeicPhoto = async (name: string): Promise<TestFile> => ({
  name,
  // Windows and Linux know no type for it.
  mimeType: '',
  buffer: await readFile(new URL('photo.heic', import.meta.url)),
})

/** A picture of noise, which nothing can compress: about as many bytes as pixels times three. */
export async function aNoisyPicture(name: string, side: number): Promise<TestFile> {
  const pixels = randomBytes(side * side * 3)
  const buffer = await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer()
  return { name, mimeType: 'image/png', buffer }
}

/** The screen of a phone, as an employee uploads it to prove a post. */
export const aScreenshot = (name: string, colour: string) => aPicture(name, colour, { width: 1080, height: 2160 })
