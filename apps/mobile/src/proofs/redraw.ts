import { shrunkSize } from './size.ts'

export const JPEG_QUALITY = 0.86

type Canvas = OffscreenCanvas | HTMLCanvasElement
type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D

/** Draws a decoded picture at its shrunk size. Redrawing drops EXIF and GPS, and turns the picture the right way up. */
export function redraw<C extends Canvas>(
  source: ImageBitmap | HTMLImageElement,
  size: { width: number; height: number },
  makeCanvas: (width: number, height: number) => C,
): C {
  const { width, height } = shrunkSize(size)
  const canvas = makeCanvas(width, height)
  const context = canvas.getContext('2d', { alpha: false }) as Context | null
  if (!context) throw new Error('no 2d context')
  // What is transparent in a PNG would turn black in a JPEG.
  context.fillStyle = '#fff'
  context.fillRect(0, 0, width, height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(source, 0, 0, width, height)
  return canvas
}
