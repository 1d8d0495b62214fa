import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import type { ByteRange, StoredBlob } from '../blobs/blobs.ts'

/** Somebody left before the end, or even before the beginning. */
const LEFT: ReadonlySet<unknown> = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_UNABLE_TO_PIPE'])

/**
 * Writes a blob as the reply, or for HEAD its headers alone. Somebody who does not wait for the end is no error.
 * @param range what of it was asked for (byte-range.ts), and is in the stream
 */
export async function sendBlob(
  { stream, bytes, size }: StoredBlob,
  request: Request,
  response: Response,
  range?: ByteRange,
) {
  response.set('Accept-Ranges', 'bytes')
  if (range && bytes === 0) {
    stream.destroy()
    return void response
      .status(416)
      .set({ 'Content-Range': `bytes */${size}`, 'Cache-Control': 'no-store' })
      .end()
  }
  if (range) response.status(206).set('Content-Range', `bytes ${range.start}-${range.start + bytes - 1}/${size}`)
  response.set('Content-Length', String(bytes))
  if (request.method === 'HEAD') {
    stream.destroy()
    return void response.end()
  }
  await pipeline(stream, response).catch((error: NodeJS.ErrnoException) => {
    // A pipeline that never began leaves the file open.
    stream.destroy()
    if (!LEFT.has(error.code)) throw error
  })
}
