export interface Piece {
  text: string
  hit: boolean
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/**
 * A text in pieces, those that were typed marked. Of a mixture such as 张s the Chinese is marked; what was found by its
 * pinyin alone has nothing to mark.
 */
export function markTyped(text: string, keyword: string): Piece[] {
  const typed = keyword.trim()
  if (typed === '') return [{ text, hit: false }]
  const parts = [typed, ...(typed.match(/\p{Script=Han}+/gu) ?? [])]
  return text
    .split(new RegExp(`(${parts.map(escaped).join('|')})`, 'giu'))
    .map((piece, index) => ({ text: piece, hit: index % 2 === 1 }))
    .filter((piece) => piece.text !== '')
}
