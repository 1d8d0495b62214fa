import busboy from 'busboy'
import { WecomError } from './errors.ts'

export interface UploadedFile {
  bytes: Buffer
  filename: string
  type: string
}

/** The file of the multipart field `media` (WECOM.md 6). */
export function readMedia(raw: Buffer, contentType: string): Promise<UploadedFile> {
  return new Promise((resolve, reject) => {
    const missing = () => reject(new WecomError(41005, 'missing media data'))
    if (!contentType.startsWith('multipart/form-data')) return missing()
    // WeCom shows the filename of the part; browsers and servers send it as UTF-8.
    const parser = busboy({ headers: { 'content-type': contentType }, defParamCharset: 'utf8' })
    parser.on('file', (field, stream, { filename, mimeType }) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on(
        'end',
        () => field === 'media' && resolve({ bytes: Buffer.concat(chunks), filename: filename ?? '', type: mimeType }),
      )
    })
    parser.on('error', missing)
    parser.on('close', missing)
    parser.end(raw)
  })
}
