import { crc32, deflateRawSync } from 'node:zlib'

/** Where sizes and places have 32 bits; what is written here has some megabytes. */
const MOST_BYTES = 0xffff_ffff
const STORED = 0
const DEFLATED = 8
/** A tenth larger than at zlib's usual 6, in a third of its time. */
export const LEVEL = 3
/** 2.0: the first version with deflate. */
const VERSION = 20
/** Names are UTF-8. */
const UTF8 = 0x0800
/** 1 January 1980: whoever makes the same file twice gets the same bytes. */
const FIRST_DAY = 0x0021

/** A file in its compressed form, with the check sum and length (bytes) that it has without. */
export interface Deflated {
  body: Buffer
  crc: number
  length: number
}

/**
 * Writes a ZIP archive (PKWARE's APPNOTE 6.3) piece by piece: each file's bytes are wanted once and then let go. What
 * `add` and `end` return goes one after the other into the archive.
 */
export class ZipWriter {
  readonly #directory: Buffer[] = []
  #length = 0

  /** @param deflate false for what is compressed already */
  add(name: string, bytes: Uint8Array, { deflate }: { deflate: boolean }): Buffer[] {
    const body = deflate
      ? deflateRawSync(bytes, { level: LEVEL })
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    return this.#file(name, deflate ? DEFLATED : STORED, { body, crc: crc32(bytes), length: bytes.length })
  }

  addDeflated(name: string, file: Deflated): Buffer[] {
    return this.#file(name, DEFLATED, file)
  }

  #file(name: string, method: number, { body, crc, length }: Deflated): Buffer[] {
    const path = Buffer.from(name)
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(VERSION, 0)
    facts.writeUInt16LE(UTF8, 2)
    facts.writeUInt16LE(method, 4)
    facts.writeUInt16LE(FIRST_DAY, 8)
    facts.writeUInt32LE(crc, 10)
    facts.writeUInt32LE(body.length, 14)
    facts.writeUInt32LE(length, 18)
    facts.writeUInt16LE(path.length, 22)
    const madeBy = Buffer.from([VERSION, 0])
    // No comment, the first disk, no attributes; then where the file begins.
    const place = Buffer.alloc(14)
    place.writeUInt32LE(this.#length, 10)
    this.#directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002', 'latin1'), madeBy, facts, place, path]))
    return this.#count([Buffer.from('PK\u0003\u0004', 'latin1'), facts, path, body])
  }

  /** The directory, with which an archive ends. */
  end(): Buffer[] {
    const directory = Buffer.concat(this.#directory)
    const last = Buffer.alloc(22)
    last.write('PK\u0005\u0006', 'latin1')
    last.writeUInt16LE(this.#directory.length, 8)
    last.writeUInt16LE(this.#directory.length, 10)
    last.writeUInt32LE(directory.length, 12)
    last.writeUInt32LE(this.#length, 16)
    return this.#count([directory, last])
  }

  #count(pieces: Buffer[]): Buffer[] {
    this.#length += pieces.reduce((sum, { length }) => sum + length, 0)
    if (this.#length > MOST_BYTES) throw new RangeError('the archive is larger than its format can say')
    return pieces
  }
}
