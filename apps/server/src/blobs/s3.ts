import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { BlobExists, type Blobs, checkKey } from './blobs.ts'
import type { S3Place } from './s3-place.ts'
import { codeOf, statusOf, translate, wasRepeated } from './s3-trouble.ts'

/** Bodies beyond this (bytes) go up in parts of this size, of which a broken connection costs one. S3 takes no smaller. */
const PART = 8 * 1024 ** 2
/** Parts of one upload on their way at once; as many are in memory. */
const PARTS_AT_ONCE = 2

/** How long (ms) a connection may take to come about, and how long nothing may move on it: phones read slowly. */
const CONNECT_TIMEOUT = 3_000
const IDLE_TIMEOUT = 120_000

/** A slow reader holds a connection as long as it reads; the others need not wait for it. */
const CONNECTIONS = 256

/** Blobs as objects in a bucket of an S3-compatible store, each under its key behind the prefix. Connects to nothing yet. */
export function openS3Blobs(place: S3Place): Blobs {
  const agent = { keepAlive: true, maxSockets: CONNECTIONS }
  const client = new S3Client({
    region: place.region,
    ...(place.endpoint === null ? {} : { endpoint: place.endpoint }),
    forcePathStyle: place.pathStyle,
    credentials: { accessKeyId: place.accessKeyId, secretAccessKey: place.secretAccessKey },
    // Amazon's newer checksums in trailers are not understood by several other servers.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT,
      socketTimeout: IDLE_TIMEOUT,
      httpAgent: agent,
      httpsAgent: agent,
    },
  })

  const objectOf = (key: string) => ({ Bucket: place.bucket, Key: place.prefix + checkKey(key) })
  const inWords = (error: unknown): never => {
    throw translate(error, place)
  }

  async function store(object: { Bucket: string; Key: string }, body: Readable | Buffer, condition = {}) {
    if (Buffer.isBuffer(body) && body.length <= PART) {
      await client.send(new PutObjectCommand({ ...object, ...condition, Body: body }))
      return { bytes: body.length }
    }
    let bytes = 0
    const counted = Readable.from(
      (async function* () {
        for await (const chunk of inPieces(body)) {
          bytes += chunk.length
          yield chunk
        }
      })(),
      { objectMode: false },
    )
    const params = { ...object, ...condition, Body: counted }
    await new Upload({ client, params, partSize: PART, queueSize: PARTS_AT_ONCE }).done()
    return { bytes }
  }

  return {
    async put(key, body, { once = false } = {}) {
      const object = objectOf(key)
      if (!once) return await store(object, body).catch(inWords)
      return await store(object, body, { IfNoneMatch: '*' }).catch((error: unknown) => {
        const whole = Buffer.isBuffer(body) ? body : undefined
        // Not every store knows conditions. Ours only guard against a key that is used twice, and none is.
        if (whole && statusOf(error) === 501) return store(object, whole).catch(inWords)
        if (statusOf(error) !== 412) return inWords(error)
        // The answer to the first try got lost, so the second one met what the first had stored.
        if (whole && wasRepeated(error)) return { bytes: whole.length }
        throw new BlobExists(key, { cause: error })
      })
    },

    async get(key, range) {
      const object = objectOf(key)
      const Range = range && `bytes=${range.start}-${range.end ?? ''}`
      try {
        const found = await client.send(new GetObjectCommand({ ...object, Range }))
        const bytes = found.ContentLength!
        return { stream: found.Body as Readable, bytes, size: sizeIn(found.ContentRange) ?? bytes }
      } catch (error) {
        if (codeOf(error) === 'NoSuchKey') return undefined
        if (statusOf(error) !== 416) return inWords(error)
        // It begins behind the last byte.
        const { ContentLength } = await client.send(new HeadObjectCommand(object)).catch(inWords)
        return { stream: Readable.from([]), bytes: 0, size: ContentLength! }
      }
    },

    async delete(key) {
      await client.send(new DeleteObjectCommand(objectOf(key))).catch(inWords)
    },

    async *list(prefix = '') {
      const pages = paginateListObjectsV2({ client }, { Bucket: place.bucket, Prefix: place.prefix + prefix })
      try {
        for await (const { Contents = [] } of pages)
          for (const { Key } of Contents) yield Key!.slice(place.prefix.length)
      } catch (error) {
        inWords(error)
      }
    },
  }
}

/** A large buffer as pieces, so that it need not be copied as a whole. */
function inPieces(body: Readable | Buffer): AsyncIterable<Buffer> | Iterable<Buffer> {
  if (!Buffer.isBuffer(body)) return body as AsyncIterable<Buffer>
  return (function* () {
    for (let start = 0; start < body.length; start += PART) yield body.subarray(start, start + PART)
  })()
}

/** Of `bytes 2-4/10` the 10. */
const sizeIn = (contentRange: string | undefined) =>
  contentRange === undefined ? undefined : Number(contentRange.slice(contentRange.lastIndexOf('/') + 1))
