/** Fields in the order given: texts in CDATA, numbers plain, nested fields as elements, an array as one element for each. */
export type XmlFields = { [name: string]: string | number | undefined | XmlFields | XmlFields[] }

export function toXml(fields: XmlFields): string {
  return Object.entries(fields)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((each) => element(name, each)))
    .join('')
}

function element(name: string, value: string | number | undefined | XmlFields): string {
  if (value === undefined) return ''
  if (typeof value === 'object') return `<${name}>${toXml(value)}</${name}>`
  const text = typeof value === 'number' ? value : `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
  return `<${name}>${text}</${name}>`
}

/** The text of an element of an app's answer, wherever it stands. */
export function xmlText(xml: string, name: string): string | undefined {
  const inner = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(xml)?.[1]
  return inner?.replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, '$1').trim()
}
