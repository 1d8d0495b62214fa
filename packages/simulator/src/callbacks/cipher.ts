import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

// WeCom's own side of the cipher (WECOM.md 4.4), written from the description and not with the library that apps use.

/** sha1 over the sorted parts. */
export const sign = (...parts: string[]): string => createHash('sha1').update(parts.sort().join('')).digest('hex')

const BLOCK = 32

/** 16 random bytes, the length of the message as four bytes, the message, the receiver's id; padded to blocks of 32. */
export function encrypt(aesKey: string, message: string, id: string, random = randomBytes(16)): string {
  const { key, iv } = keyOf(aesKey)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(message))
  const plain = Buffer.concat([random, length, Buffer.from(message), Buffer.from(id)])
  const padding = BLOCK - (plain.length % BLOCK)
  const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(padding, padding)), cipher.final()]).toString(
    'base64',
  )
}

/** Throws when it is not made with this key. */
export function decrypt(aesKey: string, encrypted: string): { message: string; id: string } {
  const { key, iv } = keyOf(aesKey)
  const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()])
  const padding = padded.at(-1) ?? 0
  if (padding < 1 || padding > BLOCK) throw new Error('not padded as WeCom pads')
  const plain = padded.subarray(16, -padding)
  const end = 4 + plain.readUInt32BE(0)
  return { message: plain.subarray(4, end).toString(), id: plain.subarray(end).toString() }
}

function keyOf(aesKey: string): { key: Buffer; iv: Buffer } {
  const key = Buffer.from(`${aesKey}=`, 'base64')
  return { key, iv: key.subarray(0, 16) }
}
