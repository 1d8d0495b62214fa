/** A piece of HTML: everything interpolated into it is escaped, except other pieces. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Value = Html | string | number | false | null | undefined | Value[]

export const html = (strings: TemplateStringsArray, ...values: Value[]): Html =>
  new Html(strings.reduce((text, part, i) => text + render(values[i - 1]) + part))

function render(value: Value): string {
  if (value instanceof Html) return value.text
  if (Array.isArray(value)) return value.map(render).join('')
  return value === false || value === null || value === undefined ? '' : escape(String(value))
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
export const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!)

/** A complete page. Stylesheets and scripts are files of src/assets. */
export function page(options: {
  title: string
  styles: string[]
  scripts?: string[]
  body: Html
  bodyClass?: string
}): string {
  return html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <title>${options.title}</title>
        <link rel="icon" href="${ASSETS}/logo.svg" type="image/svg+xml" />
        ${options.styles.map((name) => html`<link rel="stylesheet" href="${ASSETS}/${name}.css" />`)}
        ${(options.scripts ?? []).map((name) => html`<script src="${ASSETS}/${name}.js" type="module"></script>`)}
      </head>
      <body class="${options.bodyClass ?? ''}">
        ${options.body}
      </body>
    </html>`.text
}

/** Under this path on every host, phones included, so that it can never collide with the product's own paths. */
export const ASSETS = '/__phone/assets'
