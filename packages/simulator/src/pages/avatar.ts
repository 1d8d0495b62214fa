import { html, type Html } from './html.ts'

const TINTS = 8

/** Coloured initials, as WeCom draws people without a picture: the last two characters of a Chinese name. */
export function avatar(person: { userid: string; name: string }): Html {
  const tint = [...person.userid].reduce((sum, character) => (sum * 31 + character.codePointAt(0)!) % 997, 7) % TINTS
  return html`<span class="avatar tint-${tint}" aria-hidden="true">${initials(person.name)}</span>`
}

export const initials = (name: string): string => {
  const last = name.split(/[·\s]/).at(-1)!
  return [...last].slice(-2).join('')
}
