import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { Unreadable } from './refusals.ts'

export interface Body {
  bytes: Buffer
  /** There was more than we read. */
  cut: boolean
}

// A body that we cut, or that its server did, is still good for its beginning.
const zlib = { finishFlush: constants.Z_SYNC_FLUSH }
const DECODERS = {
  gzip: () => createGunzip(zlib),
  deflate: () => createInflate(zlib),
  br: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
}
const isDecodable = (encoding: string): encoding is keyof typeof DECODERS => Object.hasOwn(DECODERS, encoding)

/**
 * The first `most` bytes of a body as its server meant it. What comes over the wire has the same limit: neither bytes
 * that blow up nor bytes that decode to nothing keep us busy.
 * @throws {Unreadable} an encoding we did not ask for, or bytes that decode to nothing
 */
export async function readBody(response: IncomingMessage, most: number): Promise<Body> {
  const chunks: Buffer[] = []
  for await (const chunk of upTo(most, decoded(response, most))) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  return { bytes, cut: bytes.length === most }
}

function decoded(response: IncomingMessage, most: number): AsyncIterable<Buffer> {
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding === 'identity') return response
  if (!isDecodable(encoding)) throw new Unreadable('failed')
  // The callback is for what `for await` has seen already.
  return pipeline(
    response,
    (source: AsyncIterable<Buffer>) => atMost(most, source),
    DECODERS[encoding](),
    () => {},
  )
}

async function* upTo(most: number, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = most
  for await (const chunk of source) {
    yield chunk.subarray(0, left)
    left -= chunk.length
    if (left <= 0) return
  }
}

async function* atMost(most: number, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let length = 0
  for await (const chunk of source) {
    length += chunk.length
    if (length > most) throw new Unreadable('tooLarge')
    yield chunk
  }
}
