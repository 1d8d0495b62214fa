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
