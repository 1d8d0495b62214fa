import type { Readable } from 'node:stream'

/** The seam between the features and wherever pictures and workbooks lie. */
export interface Blobs {
  /**
   * Stores the bytes under the key, replacing what was there. When it returns they are safe; until then, and when it
   * throws, readers see what was there before. Throws `StorageFull` when there is no room.
   * @param options.once refuses to replace: throws `BlobExists` when there is one already
   */
  put(key: string, body: Readable | Buffer, options?: { once?: boolean }): Promise<{ bytes: number }>
  /** Nothing when there is no such blob. The stream must be read to its end or destroyed. */
  get(key: string, range?: ByteRange): Promise<StoredBlob | undefined>
  /** Deleting what is not there is no error. */
  delete(key: string): Promise<void>
  /** The keys beginning with the prefix, in no particular order. */
  list(prefix?: string): AsyncIterable<string>
}

/** Both ends belong to the range, as in HTTP; without an end it goes on to the last byte. */
export interface ByteRange {
  start: number
  end?: number
}

export interface StoredBlob {
  stream: Readable
  /** What the stream will deliver. */
  bytes: number
  /** The whole blob, for Content-Range. */
  size: number
}

/** There is a blob under this key already, and it was not to be replaced. */
export class BlobExists extends Error {
  constructor(key: string, options?: ErrorOptions) {
    super(`There is a blob ${key} already`, options)
    this.name = 'BlobExists'
  }
}

/** Why a store does not do what it should. The last one passes by itself, and so may the one before. */
export type BlobTrouble =
  | 'not_a_store'
  | 'no_bucket'
  | 'wrong_key'
  | 'wrong_secret'
  | 'forbidden'
  | 'wrong_region'
  | 'wrong_clock'
  | 'certificate'
  | 'unreachable'
  | 'busy'

/** The store of the blobs refuses or does not answer; the message tells whoever runs the server why, and what to do. */
export class BlobsUnavailable extends Error {
  readonly trouble: BlobTrouble

  constructor(trouble: BlobTrouble, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BlobsUnavailable'
    this.trouble = trouble
  }

  /** Nothing in the configuration is wrong, as far as one can tell. */
  get mayPass(): boolean {
    return this.trouble === 'unreachable' || this.trouble === 'busy'
  }
}

/** No room is left where the blobs lie. */
export class StorageFull extends Error {
  constructor(options?: ErrorOptions) {
    super('There is no room left for the blob', options)
    this.name = 'StorageFull'
  }
}

const MAX_KEY_LENGTH = 200
const SEGMENT = '[a-z0-9][a-z0-9._-]*'
const KEY = new RegExp(`^${SEGMENT}(?:/${SEGMENT})*$`)

/**
 * Keys look like `images/01k2…/full`. Lower case, since some disks do not tell cases apart; no segment begins with a
 * dot, so none leads out of the folder. Keys are made by us: a bad one is a bug and throws.
 */
export function checkKey(key: string): string {
  if (key.length > MAX_KEY_LENGTH || !KEY.test(key)) throw new TypeError(`Not a blob key: ${JSON.stringify(key)}`)
  return key
}
