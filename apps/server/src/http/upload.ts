import { PassThrough, type Readable } from 'node:stream'
import busboy from 'busboy'
import type { Request } from 'express'
import { Refusal } from '../refusal.ts'

/**
 * The picture in the field `image` of a multipart request, as a stream that has not been read yet. The handler limits its
 * size while reading; whatever it leaves unread is for `discardRest`.
 * @throws {Refusal} when the request is no multipart form or has no such picture
 */
export function openUpload(request: Request): Promise<Readable> {
  return new Promise((resolve, reject) => {
    const missing = () =>
      reject(new Refusal('invalid', '请选择一张图片', { issues: [{ path: ['image'], message: '请选择一张图片' }] }))
    const parser = (() => {
      try {
        return busboy({ headers: request.headers, limits: { files: 1, fields: 0, parts: 2 } })
      } catch {
        return undefined
      }
    })()
    if (!parser) return reject(new Refusal('unsupported_media', '请以表单上传图片'))
    // A Refusal, since a phone that lost its network is no fault of ours to be logged.
    const cutOff = () => new Refusal('malformed', '上传的内容不完整，请重试')
    parser.on('file', (field, stream) => {
      // Before anything else: an error that nobody listens to ends the whole server, and whoever sends a file that nobody
      // wants may break it off.
      stream.on('error', () => {})
      if (field !== 'image') {
        stream.resume()
        return missing()
      }
      // Of our own, since busboy ends its stream with an error of its own when the last boundary never comes.
      // Whoever begins to read it later gets the error then.
      const image = new PassThrough().on('error', () => {})
      stream.once('error', () => image.destroy(cutOff())).pipe(image)
      resolve(image)
    })
    parser.on('close', missing)
    parser.on('error', () => reject(cutOff()))
    request.once('aborted', () => parser.destroy(cutOff()))
    request.pipe(parser)
  })
}

/** Reads on to the end of a request whose rest nobody wants: unread bytes would block the next one on its connection. */
export function discardRest(request: Request) {
  request.unpipe()
  request.resume()
}
