// XML 1.0 cannot hold these at all; Excel calls a file with one of them damaged.
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g
/** What spreadsheets would read as a character by its number (ST_Xstring in ECMA-376 part 1, 22.9.2.19). */
const LOOKS_LIKE_A_NUMBER = /_(?=x[\da-f]{4}_)/gi
const SPECIAL = /[&<>"]/g
const ESCAPED: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** Most texts have nothing of all that. */
// eslint-disable-next-line no-control-regex
const PLAIN = /^[^\u0000-\u001F&<>"_\uD800-\uDFFF\uFFFE\uFFFF]*$/

/** For an attribute or an element: whatever a name holds comes back as that text, but what no XML can hold. */
export const xml = (text: string) =>
  PLAIN.test(text)
    ? text
    : text
        .toWellFormed()
        .replace(FORBIDDEN, '')
        .replace(SPECIAL, (letter) => ESCAPED[letter]!)

/** For a text in the table of strings. */
export const xstring = (text: string) =>
  // A plain CR would be read as the end of a line.
  xml(text.includes('_') ? text.replace(LOOKS_LIKE_A_NUMBER, '_x005F_') : text).replaceAll('\r', '_x000D_')
