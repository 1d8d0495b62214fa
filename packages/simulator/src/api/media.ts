import sharp from 'sharp'
import { newId, type State } from '../state/state.ts'
import type { Call, Endpoint } from './call.ts'
import { WecomError } from './errors.ts'
import { countPermanentPicture } from './limits.ts'
import { readMedia, type UploadedFile } from './multipart.ts'

const MB = 1024 * 1024
const THREE_DAYS = 3 * 24 * 60 * 60_000
/** Largest picture the Moments accept, for example 1440×1080 (WECOM.md 6). */
const MOMENTS_PIXELS = 1_555_200

interface Rule {
  limit: number
  size: number
  format: RegExp
}
const RULES: Record<string, Rule> = {
  image: { limit: 10 * MB, size: 40009, format: /^image\/(jpeg|png)$/ },
  voice: { limit: 2 * MB, size: 40006, format: /amr/ },
  video: { limit: 10 * MB, size: 40011, format: /^video\/mp4$/ },
  file: { limit: 20 * MB, size: 40006, format: /./ },
}

/** `POST /cgi-bin/media/upload`: `created_at` is a string here. */
export const mediaUpload: Endpoint = {
  async handle(state, call) {
    const type = call.query.type ?? ''
    const rule = RULES[type]
    if (!rule) throw new WecomError(40005, 'invalid type')
    const id = keep(state, 'temporary', await received(call, rule))
    return { type, media_id: id, created_at: String(Math.floor(state.now() / 1000)) }
  },
}

/** `POST /cgi-bin/media/upload_attachment`: `created_at` is a number here. */
export const mediaUploadAttachment: Endpoint = {
  async handle(state, call) {
    const { media_type: type = '', attachment_type: scene } = call.query
    if (scene !== '1' && scene !== '2') throw new WecomError(41072, 'invalid attachment type')
    const rule = type === 'image' || type === 'video' ? RULES[type] : undefined
    if (!rule) throw new WecomError(40004, 'invalid media type')
    const file = await received(call, { ...rule, size: 41080 })
    if (type === 'image' && scene === '1' && (await pixels(file)) > MOMENTS_PIXELS) {
      throw new WecomError(41081, 'invalid attachment resolution')
    }
    const id = keep(state, 'attachment', file)
    return { type, media_id: id, created_at: Math.floor(state.now() / 1000) }
  },
}

/** `POST /cgi-bin/media/uploadimg`: a permanent picture, shown inside WeCom only. */
export const mediaUploadImg: Endpoint = {
  async handle(state, call) {
    const file = await received(call, { ...RULES.image!, limit: 2 * MB })
    countPermanentPicture(state)
    return { url: `${state.url}/wework_pic/${keep(state, 'permanent', file)}` }
  },
}

/** `GET /cgi-bin/media/get`: the file itself; errors stay JSON. */
export const mediaGet: Endpoint = {
  handle(state, { query }) {
    if (!query.media_id) throw new WecomError(41006, 'missing media_id')
    const media = findMedia(state, query.media_id)
    if (!media) throw new WecomError(40007, 'invalid media_id')
    return { file: media.bytes, type: media.type, filename: media.filename }
  },
}

export interface Media {
  id: string
  type: string
  filename: string
  bytes: Buffer
}

/** A medium that has not expired, by its id. */
export const findMedia = (state: State, id: string): Media | undefined =>
  state
    .sql<[string, number], Media>('SELECT * FROM media WHERE id = ? AND (expires IS NULL OR expires > ?)')
    .get(id, state.now())

export function keep(state: State, kind: 'temporary' | 'attachment' | 'permanent', file: UploadedFile): string {
  const id = newId('sim-media-', 24)
  const expires = kind === 'permanent' ? null : state.now() + THREE_DAYS
  state
    .sql('INSERT INTO media VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(id, kind, file.type, file.filename, file.bytes, state.now(), expires)
  return id
}

async function received(call: Call, rule: Rule): Promise<UploadedFile> {
  const file = await readMedia(call.raw, call.contentType)
  if (file.bytes.length === 0) throw new WecomError(44001, 'empty media data')
  if (file.bytes.length <= 5 || file.bytes.length > rule.limit) throw new WecomError(rule.size, 'invalid file size')
  const type = sniff(file.bytes) ?? file.type
  if (!rule.format.test(type)) throw new WecomError(40004, 'invalid media type')
  return { ...file, type }
}

/** WeCom looks at the bytes, not at what the caller claims. */
function sniff(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 3).toString('hex') === 'ffd8ff') return 'image/jpeg'
  if (bytes.subarray(0, 8).toString('hex') === '89504e470d0a1a0a') return 'image/png'
  if (bytes.subarray(0, 4).toString('latin1') === 'RIFF' && bytes.subarray(8, 12).toString('latin1') === 'WEBP')
    return 'image/webp'
  if (bytes.subarray(0, 4).toString('latin1') === 'GIF8') return 'image/gif'
  if (bytes.subarray(4, 8).toString('latin1') === 'ftyp') return 'video/mp4'
  return undefined
}

async function pixels(file: UploadedFile): Promise<number> {
  try {
    const { width, height } = await sharp(file.bytes).metadata()
    return width * height
  } catch {
    throw new WecomError(40123, 'invalid image content')
  }
}
