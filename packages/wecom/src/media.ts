import { fit } from './fit.ts'
import type { WecomCall, WecomClient, WecomFile } from './client.ts'

export interface MediaFile {
  bytes: Uint8Array
  /** Shown to people when the file is sent as such; ASCII travels safely. */
  filename: string
  contentType: string
}

export interface UploadedMedia {
  mediaId: string
  /** Epoch milliseconds; WeCom keeps media for three days. */
  expiresAt: number
}

/** 10 MB over a poor line. */
const FILE_TIMEOUT_MS = 60_000

const MEDIA_LIFE_MS = 3 * 24 * 60 * 60 * 1000

interface UploadAnswer {
  media_id: string
  /** Seconds, a string from one endpoint and a number from the other (WECOM.md 6). */
  created_at: string | number
}

/** media/upload: for messages of any app of the corp. */
export async function uploadMedia(
  client: WecomClient,
  type: 'image' | 'voice' | 'video' | 'file',
  file: MediaFile,
): Promise<UploadedMedia> {
  return uploaded(await upload(client, '/cgi-bin/media/upload', file, { type }))
}

/** media/upload_attachment: for WeCom Moments; images of at most 1,555,200 pixels. Needs the 客户联系 permission. */
export async function uploadMomentsMedia(
  client: WecomClient,
  mediaType: 'image' | 'video',
  file: MediaFile,
): Promise<UploadedMedia> {
  const query = { media_type: mediaType, attachment_type: 1 }
  return uploaded(await upload(client, '/cgi-bin/media/upload_attachment', file, query))
}

/** media/uploadimg: a lasting URL that only WeCom's own messages and composer show; 1,000 a day, up to 2 MB each. */
export async function uploadImageUrl(client: WecomClient, file: MediaFile): Promise<string> {
  const { url } = await upload<{ url: string }>(client, '/cgi-bin/media/uploadimg', file)
  return url
}

/** The title of a link in WeCom's Moments: whether characters or bytes are meant no source is sure, bytes satisfy both (WECOM.md 5.7). */
export const momentsLinkTitle = (title: string): string => fit(title, { bytes: 64 })

/** media/get: a file that somebody's phone uploaded, or that we did, within its three days. */
export function downloadMedia(client: WecomClient, mediaId: string): Promise<WecomFile> {
  const query = { media_id: mediaId }
  return client.download({ method: 'GET', path: '/cgi-bin/media/get', query, timeoutMs: FILE_TIMEOUT_MS })
}

function upload<Answer extends object>(
  client: WecomClient,
  path: string,
  { bytes, filename, contentType }: MediaFile,
  query: WecomCall['query'] = {},
): Promise<Answer> {
  const body = new FormData()
  // The type allows shared memory, which a Blob refuses; pictures come in plain buffers.
  body.set('media', new Blob([bytes as Uint8Array<ArrayBuffer>], { type: contentType }), filename)
  return client.call<Answer>({ method: 'POST', path, query, body, timeoutMs: FILE_TIMEOUT_MS })
}

function uploaded({ media_id, created_at }: UploadAnswer): UploadedMedia {
  return { mediaId: media_id, expiresAt: Number(created_at) * 1000 + MEDIA_LIFE_MS }
}
