import { LIMITS } from '@qimeng/contract/limits'
import { cleanText } from '@qimeng/contract/clean'
import { countCharacters } from '@qimeng/contract/text'
import { readTags } from './tags.ts'

export interface PageDescription {
  title: string
  description: string
  /** Address of the picture, or undefined when the page names none. */
  cover: URL | undefined
}

/** More UTF-16 units than any limit below; a page may call itself by a megabyte. */
const ENOUGH = 4000

const graphemes = new Intl.Segmenter('zh')

/** What a page says about itself, cut to what a link may have (PRODUCT.md 2); empty where it says nothing. */
export function describePage(html: string, url: URL): PageDescription {
  const { metas, links, title } = readTags(html)
  const said = (...names: string[]) =>
    names.flatMap((name) => metas.filter((meta) => nameOf(meta) === name).map((meta) => meta.get('content') ?? ''))
  const linked = links.filter((link) => link.get('rel')?.toLowerCase() === 'image_src').map((link) => link.get('href'))
  return {
    title: firstText([...said('og:title', 'twitter:title'), title], LIMITS.linkTitle, LIMITS.utf16Name),
    description: firstText(said('og:description', 'description'), LIMITS.linkDescription, LIMITS.utf16LinkDescription),
    cover: firstAddress([...said('og:image', 'twitter:image'), ...linked], url),
  }
}

const nameOf = (meta: Map<string, string>) => (meta.get('property') ?? meta.get('name') ?? '').trim().toLowerCase()

function firstText(candidates: string[], most: number, utf16: number): string {
  const texts = candidates.map((text) => cleanText(text.slice(0, ENOUGH).replaceAll(/\s+/g, ' ')))
  return cut(texts.find((text) => text !== '') ?? '', most, utf16)
}

/** The longest beginning that a link may have. A WeChat code counts as one only once it is whole: so all are looked at. */
function cut(text: string, most: number, utf16: number): string {
  let beginning = ''
  let fitting = ''
  for (const { segment } of graphemes.segment(text)) {
    beginning += segment
    if (beginning.length > utf16) break
    if (countCharacters(beginning) <= most) fitting = beginning
  }
  return fitting.trimEnd()
}

function firstAddress(candidates: (string | undefined)[], base: URL): URL | undefined {
  const first = candidates.find((candidate) => candidate?.trim())
  return first === undefined ? undefined : (URL.parse(first.trim(), base.href) ?? undefined)
}
