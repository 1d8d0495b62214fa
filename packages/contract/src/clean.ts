const JOINED_EMOJI = String.raw`\p{Extended_Pictographic}[\p{Emoji_Modifier}\u{FE0E}\u{FE0F}]*`
/** Where code points nobody sees by themselves have a meaning: in emoji, and where a Han character has several shapes. */
const MEANT = [
  String.raw`\u{1F3F4}[\u{E0030}-\u{E007A}]+\u{E007F}`,
  String.raw`${JOINED_EMOJI}(?:\u{200D}${JOINED_EMOJI})*`,
  String.raw`[0-9#*]\u{FE0F}\u{20E3}`,
  String.raw`\p{Script=Han}[\u{FE00}-\u{FE02}\u{E0100}-\u{E01EF}]`,
].join('|')
/** Controls, and what Unicode says shows nothing: zero-width marks, fillers, everything that turns directions around. */
const UNSEEN = String.raw`(?!\n)[\p{Cc}\p{Default_Ignorable_Code_Point}\u{FFF9}-\u{FFFB}]`
const MEANT_OR_UNSEEN = new RegExp(`(${MEANT})|${UNSEEN}`, 'gu')

/** The blank of Braille is drawn as nothing, but is no white space to `trim`. */
const BLANK = /^[\s\u{2800}]*$/u

/**
 * The text without what nobody sees, trimmed: a name cannot look empty, or like another one.
 * @param options `lines`: breaks stay, as \n; else they become spaces
 */
export function cleanText(text: string, { lines = false } = {}): string {
  const broken = text.toWellFormed().replaceAll(/\r\n?|[\u{85}\u{2028}\u{2029}]/gu, '\n')
  const oneSpaced = (lines ? broken : broken.replaceAll(/\n+/g, ' ')).replaceAll('\t', ' ')
  const cleaned = oneSpaced.replaceAll(MEANT_OR_UNSEEN, '$1').trim()
  return BLANK.test(cleaned) ? '' : cleaned
}
