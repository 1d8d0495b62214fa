export interface Room {
  /** Of UTF-8, after `encode`. */
  bytes: number
  /** Graphemes; without it only the bytes count. */
  characters?: number
  /** What happens to the text on its way into the message, such as escaping; character by character. */
  encode?: (text: string) => string
}

const ELLIPSIS = '…'

// Unlike the pages, which must all count alike in every browser, this only chooses where to cut: the runtime's tables do.
const segmenter = new Intl.Segmenter('zh-Hans', { granularity: 'grapheme' })

/**
 * One line that stays within WeCom's limits, cut between graphemes and marked with 「…」: WeCom itself cuts at a byte,
 * through the middle of a character if need be. Encoded only once, when it is known to fit.
 */
export function fit(text: string, { bytes, characters = Infinity, encode = (same) => same }: Room): string {
  const line = text.toWellFormed().replace(/\s+/g, ' ').trim()
  const size = (part: string): number => Buffer.byteLength(encode(part))
  const graphemes = Array.from(segmenter.segment(line), ({ segment }) => segment)
  if (size(line) <= bytes && graphemes.length <= characters) return encode(line)

  let kept = ''
  let left = bytes - size(ELLIPSIS)
  if (left < 0) return ''
  for (const grapheme of graphemes.slice(0, characters - 1)) {
    left -= size(grapheme)
    if (left < 0) break
    kept += grapheme
  }
  return encode(kept.trimEnd() + ELLIPSIS)
}

/** For text inside the little HTML of a text card's description. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!)
}
