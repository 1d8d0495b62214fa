/** Windows takes none of these in a name, nor control characters. */
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\\/*?"<>|\u0000-\u001f\u007f]/g
/** Emoji, with all they are joined of: file managers and mail programs draw half of them as boxes. */
const EMOJI =
  /[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}\p{Default_Ignorable_Code_Point}\u20e3]/gu

/** What a cut leaves of a character of two units. */
const HALF = /\p{Surrogate}/gu
/** Devices of Windows: no file is called so, whatever follows the dot. */
const DEVICE = /^(con|prn|aux|nul|(com|lpt)\d)(?=\.)/i

/** UTF-16 units of one part; a file system takes 255 bytes, and Chinese characters have three each. */
const PART = 30

/** The name of the archive, when there are several workbooks; theirs inside of it, counted from 1. */
export const archiveName = (fileName: string) => fileName.replace(/\.xlsx$/, '.zip')
export const partName = (fileName: string, number: number) => fileName.replace(/\.xlsx$/, `-${number}.xlsx`)

/** A name every file system takes. Colons go, so that 16:20 is 1620. */
export function exportFileName(parts: string[]): string {
  const cleaned = parts.map((part) =>
    part
      .replaceAll(EMOJI, '')
      .replaceAll(/[:：]/g, '')
      .replaceAll(FORBIDDEN, '_')
      .slice(0, PART)
      .replaceAll(HALF, '')
      .trim(),
  )
  // A leading dot would hide the file.
  const name = cleaned
    .filter(Boolean)
    .join('-')
    .replace(/^[.-]+/, '')
  return `${name}.xlsx`.replace(DEVICE, '_$1')
}
