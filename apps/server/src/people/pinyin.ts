import { pinyin } from 'pinyin-pro'
import { foldForSearch } from '../db/search.ts'

/**
 * How a name is found by typing Latin letters: 上官婉清 → shangguanwanqing and sgwq. Surnames are read as surnames
 * (单 is shan, 曾 zeng), ü is typed v as on Chinese keyboards, and what is no Chinese stays.
 */
export function readName(name: string): { pinyin: string; initials: string } {
  const syllables = pinyin(foldForSearch(name), {
    type: 'array',
    toneType: 'none',
    surname: 'head',
    v: true,
    nonZh: 'consecutive',
  })
    .flatMap((syllable) => syllable.split(/[^\p{L}\p{N}]+/u))
    .filter((syllable) => syllable !== '')
  return { pinyin: syllables.join(''), initials: syllables.map((syllable) => [...syllable][0]).join('') }
}

/** How a typed keyword may be spelled in what `readName` has stored, and which Chinese of it the name itself must hold. */
export interface SpelledKeyword {
  /** 「张sf」 → 张 */
  chinese: string[]
  /** 「张sf」 → zhangsf, to be looked for in the pinyin */
  pinyin: string
  /** 「张sf」 → zsf, to be looked for in the initials */
  initials: string
  /** 「z san」 → z and san: how syllables begin, one after the other; empty when nothing parts them */
  beginnings: string[]
}

/** People mix characters with letters, and part syllables by a space or an apostrophe: 张s, zhang san, xi'an, z san. */
export function spellKeyword(keyword: string): SpelledKeyword {
  const parts = foldForSearch(keyword)
    .split(/[\s'’]+/u)
    .filter((part) => part !== '')
  const written = parts.join('')
  const chinese = written.match(/\p{Script=Han}+/gu) ?? []
  const read = (form: 'pinyin' | 'initials') =>
    written.replaceAll(/\p{Script=Han}+/gu, (characters) => readName(characters)[form])
  const beginnings = chinese.length === 0 && parts.length > 1 ? parts : []
  return { chinese, pinyin: read('pinyin'), initials: read('initials'), beginnings }
}
