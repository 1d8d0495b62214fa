/** An element of WeCom's XML: either text or other elements inside. */
export interface XmlElement {
  name: string
  text: string
  children: XmlElement[]
}

/** Not the XML that WeCom sends. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
}

/** Deeper than any event of WeCom's (xml/SelectedItems/SelectedItem/OptionIds/OptionId), so that nobody makes us dig. */
const DEEPEST = 16

// All there is: CDATA, a tag without attributes, text. A DOCTYPE, an entity's declaration, a comment or a processing
// instruction is none of them, so there is nothing that could reach for a file or swell up (XXE, entity bombs).
const TOKEN = /<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([A-Za-z_][\w.-]*)\s*(\/?)>|([^<]+)/y

/** Reads the little XML of WeCom's callbacks (WECOM.md 4); everything else that XML has is refused with an XmlError. */
export function readXml(source: string): XmlElement {
  const top: XmlElement = { name: '', text: '', children: [] }
  const open = [top]
  for (const [, cdata, closing, name, empty, text] of tokens(source)) {
    const inside = open.at(-1)!
    if (cdata !== undefined) inside.text += cdata
    else if (text !== undefined) inside.text += decodeEntities(text)
    else if (closing) {
      if (inside.name !== name || open.length === 1) throw new XmlError(`</${name}> closes nothing`)
      open.pop()
    } else {
      if (open.length > DEEPEST) throw new XmlError('elements within elements without end')
      const element = { name: name!, text: '', children: [] }
      inside.children.push(element)
      if (!empty) open.push(element)
    }
  }
  if (open.length > 1) throw new XmlError(`<${open.at(-1)!.name}> is not closed`)
  if (top.children.length !== 1 || top.text.trim()) throw new XmlError('not one element')
  return top.children[0]!
}

function* tokens(source: string): Generator<RegExpExecArray> {
  const token = new RegExp(TOKEN)
  while (token.lastIndex < source.length) {
    const { lastIndex } = token
    const found = token.exec(source)
    if (!found) throw new XmlError(`unexpected at ${lastIndex}`)
    yield found
  }
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decodeEntities(text: string): string {
  return text.replace(/&(?:(amp|lt|gt|quot|apos);)?/g, (_, name?: string) => {
    if (!name) throw new XmlError('an entity that is not one of the five')
    return ENTITIES[name]!
  })
}

/** The elements of that name directly inside. */
export const childrenOf = (element: XmlElement, name: string): XmlElement[] =>
  element.children.filter((child) => child.name === name)

/** The trimmed text of the first element of that name directly inside; undefined when there is none, or nothing in it. */
export const textOf = (element: XmlElement, name: string): string | undefined =>
  childrenOf(element, name)[0]?.text.trim() || undefined

/** Text on its way into an element; the one sequence CDATA cannot hold is divided among two. */
export const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
