import { JPEG_QUALITY, redraw } from './redraw.ts'
import type { Done } from './shrink.worker.ts'

/** A picture this phone cannot decode, such as HEIC on Android. */
export class UndecodableError extends Error {
  constructor() {
    super('这张图片无法读取（可能是 HEIC 格式），请换成截图或 JPG 图片')
    this.name = 'UndecodableError'
  }
}

/**
 * A JPEG of at most 2000 px without EXIF, made in a worker where the phone can, so that scrolling stays smooth.
 * @throws {UndecodableError}
 */
export async function shrink(file: Blob): Promise<Blob> {
  const made = (await shrinkInWorker(file)) ?? (await shrinkOnPage(file))
  if (!made) throw new UndecodableError()
  return made
}

let worker: Worker | undefined
let nextId = 0
const waiting = new Map<number, (blob: Blob | null) => void>()

function shrinkInWorker(file: Blob): Promise<Blob | null> {
  if (typeof Worker === 'undefined' || typeof OffscreenCanvas === 'undefined') return Promise.resolve(null)
  worker ??= startWorker()
  const id = nextId++
  return new Promise((resolve) => {
    waiting.set(id, resolve)
    worker!.postMessage({ id, file })
  })
}

function startWorker(): Worker {
  const started = new Worker(new URL('./shrink.worker.ts', import.meta.url), { type: 'module' })
  started.onmessage = ({ data }: MessageEvent<Done>) => {
    waiting.get(data.id)?.(data.blob)
    waiting.delete(data.id)
  }
  // The worker could not load or died of a huge picture: the page does what is waiting, and a new one starts next time.
  started.onerror = () => {
    worker = undefined
    for (const resolve of waiting.values()) resolve(null)
    waiting.clear()
  }
  return started
}

async function shrinkOnPage(file: Blob): Promise<Blob | null> {
  const url = URL.createObjectURL(file)
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const canvas = redraw(image, { width: image.naturalWidth, height: image.naturalHeight }, (width, height) =>
      Object.assign(document.createElement('canvas'), { width, height }),
    )
    return await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY))
  } catch {
    return null
  } finally {
    URL.revokeObjectURL(url)
  }
}
