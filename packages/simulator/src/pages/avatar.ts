import { html, type Html } from './html.ts'

const TINTS = ['#3d6fd9', '#0c776d', '#a5532c', '#7a5bc7', '#29774a', '#b3497b', '#4a6b8a', '#866417']

/** Coloured initials, as WeCom draws people without a picture: the last two characters of a Chinese name. */
export function avatar(person: { userid: string; name: string }): Html {
  return html`<span class="avatar" style="background: ${tint(person.userid)}" aria-hidden="true"
    >${initials(person.name)}</span
  >`
}

/** Everybody keeps one colour. */
export function tint(userid: string): string {
  const sum = [...userid].reduce((sum, character) => (sum * 31 + character.codePointAt(0)!) % 997, 7)
  return TINTS[sum % TINTS.length]!
}

export const initials = (name: string): string => {
  const last = name.split(/[·\s]/).at(-1)!
  return [...last].slice(-2).join('')
}
