import { countGraphemes } from 'unicode-segmenter/grapheme'
import { replaceWechatCodes } from './emoji.ts'

// In no script and in no emoji sequence, so the segmenter counts it as one by itself.
const ONE_CHARACTER = '\u{E000}'

/**
 * Counts what a person counts: an emoji family is one, a WeChat code such as [微笑] is one. Form, counter and server all
 * use this function; it carries its own Unicode tables, because `Intl.Segmenter` differs between browsers.
 */
export function countCharacters(text: string): number {
  return countGraphemes(replaceWechatCodes(text, () => ONE_CHARACTER))
}

/** The text as our own pages show it, with Unicode emoji for WeChat's codes. Copy and store the original, not this. */
export function drawEmoji(text: string): string {
  return replaceWechatCodes(text, (unicode) => unicode)
}
