/** As far as a page may put its <meta charset>; the standard says 1,024, pages do not. */
const META_WITHIN = 4096
const META = /<meta\s[^>]*?charset\s*=\s*["']?\s*([\w-]+)/i

/**
 * A page's bytes as text: by its byte order mark, else what the header says, else its own <meta>. A page that says nothing
 * is UTF-8, or GB18030, which includes GBK and GB2312, when it cannot be UTF-8.
 */
export function decodePage(bytes: Buffer, contentType: string): string {
  const label =
    byteOrderMark(bytes) ??
    /charset\s*=\s*["']?\s*([\w-]+)/i.exec(contentType)?.[1] ??
    META.exec(bytes.toString('latin1', 0, META_WITHIN))?.[1]
  const decoder = decoderOf(label)
  if (decoder) return decoder.decode(bytes)
  try {
    // `stream`: the last character may be cut.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

function byteOrderMark(bytes: Buffer): string | undefined {
  const start = bytes.toString('latin1', 0, 3)
  if (start === '\xef\xbb\xbf') return 'utf-8'
  if (start.startsWith('\xff\xfe')) return 'utf-16le'
  return start.startsWith('\xfe\xff') ? 'utf-16be' : undefined
}

function decoderOf(label: string | undefined) {
  if (label === undefined) return undefined
  try {
    return new TextDecoder(label)
  } catch {
    // A name that nobody knows says nothing.
    return undefined
  }
}
