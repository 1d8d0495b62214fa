import { promisify } from 'node:util'
import { constants, crc32, deflateRaw } from 'node:zlib'
import { LEVEL, type Deflated } from './zip.ts'

const deflate = promisify(deflateRaw)
/** Characters that are compressed at a time. */
const PIECE = 1 << 18

/** A text that is compressed while it is written, on a thread of the pool beside the one that writes it. */
export class Deflating {
  readonly #pieces: Promise<Buffer>[] = []
  #text = ''
  #crc = 0
  #length = 0

  write(text: string): void {
    this.#text += text
    if (this.#text.length >= PIECE) this.#flush(constants.Z_SYNC_FLUSH)
  }

  async end(): Promise<Deflated> {
    this.#flush(constants.Z_FINISH)
    return { body: Buffer.concat(await Promise.all(this.#pieces)), crc: this.#crc, length: this.#length }
  }

  /** Each piece by itself ends on a whole byte, so that they make one stream. */
  #flush(finishFlush: number): void {
    const bytes = Buffer.from(this.#text)
    this.#text = ''
    this.#crc = crc32(bytes, this.#crc)
    this.#length += bytes.length
    this.#pieces.push(deflate(bytes, { level: LEVEL, finishFlush }))
  }
}
