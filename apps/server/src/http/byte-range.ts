import type { Request, Response } from 'express'
import type { ByteRange } from '../blobs/blobs.ts'

/**
 * The part of a file that a request asks for, such as the rest of a download that broke off. Several parts at once, or the
 * last bytes of a file whose size nobody knows yet, are answered with the whole, as HTTP allows.
 * @param response has its ETag already, if it gets one
 */
export function askedRange(request: Request, response: Response): ByteRange | undefined {
  const found = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(request.get('Range') ?? '')
  if (!found || request.method !== 'GET') return undefined
  // "If it is still the one I know": weak or dated ones cannot tell.
  const known = request.get('If-Range')
  if (known !== undefined && known !== response.get('ETag')) return undefined
  const [start, end] = found.slice(1).map((digits) => (digits === undefined ? undefined : Number(digits)))
  if (end !== undefined && end < start!) return undefined
  return { start: start!, ...(end === undefined ? {} : { end }) }
}
