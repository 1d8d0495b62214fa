import { JPEG_QUALITY, redraw } from './redraw.ts'

interface Job {
  id: number
  file: Blob
}
export type Done = { id: number; blob: Blob } | { id: number; blob: null }

const worker = self as unknown as {
  onmessage: ((event: MessageEvent<Job>) => void) | null
  postMessage: (message: Done) => void
}

worker.onmessage = async ({ data: { id, file } }) => {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const canvas = redraw(bitmap, bitmap, (width, height) => new OffscreenCanvas(width, height))
    bitmap.close()
    worker.postMessage({ id, blob: await canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY }) })
  } catch {
    // Not decodable here; the page tries with an <img>, whose decoders can do more.
    worker.postMessage({ id, blob: null })
  }
}
