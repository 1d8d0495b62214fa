import type { WecomClient } from './client.ts'

export interface MediaFile {
  bytes: Uint8Array<ArrayBuffer>
  /** Shown to people when the file is sent as such; ASCII travels safely. */
  filename: string
  contentType: string
}

export interface UploadedMedia {
  mediaId: string
  /** Epoch milliseconds; WeCom keeps media for three days. */
  expiresAt: number
}

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
  return uploaded(
    await client.call({ method: 'POST', path: '/cgi-bin/media/upload', query: { type }, body: formOf(file) }),
  )
}

/** media/upload_attachment: for WeCom Moments; images of at most 1,555,200 pixels. Needs the 客户联系 permission. */
export async function uploadMomentsMedia(
  client: WecomClient,
  mediaType: 'image' | 'video',
  file: MediaFile,
): Promise<UploadedMedia> {
  const query = { media_type: mediaType, attachment_type: 1 }
  return uploaded(
    await client.call({ method: 'POST', path: '/cgi-bin/media/upload_attachment', query, body: formOf(file) }),
  )
}

/** media/uploadimg: a lasting URL that only WeCom's own messages and composer show; 1,000 a day, up to 2 MB each. */
export async function uploadImageUrl(client: WecomClient, file: MediaFile): Promise<string> {
  const { url } = await client.call<{ url: string }>({
    method: 'POST',
    path: '/cgi-bin/media/uploadimg',
    body: formOf(file),
  })
  return url
}

/** media/get: a file that somebody's phone uploaded, or that we did, within its three days. */
export async function downloadMedia(
  client: WecomClient,
  mediaId: string,
): Promise<{ bytes: Buffer; contentType: string }> {
  const { bytes, contentType } = await client.download({
    method: 'GET',
    path: '/cgi-bin/media/get',
    query: { media_id: mediaId },
  })
  return { bytes, contentType }
}

function formOf({ bytes, filename, contentType }: MediaFile): FormData {
  const form = new FormData()
  form.set('media', new Blob([bytes], { type: contentType }), filename)
  return form
}

function uploaded({ media_id, created_at }: UploadAnswer): UploadedMedia {
  return { mediaId: media_id, expiresAt: Number(created_at) * 1000 + MEDIA_LIFE_MS }
}
