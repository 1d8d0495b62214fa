import type { State } from '../state/state.ts'
import { isObject } from '../api/call.ts'
import { escape, Html, html } from '../pages/html.ts'
import { shownCard, type Received } from './inbox.ts'

type Fields = Record<string, unknown>

/** Where a message leads: into the in-app browser. */
const open = (url: unknown): string => `/__phone/browser?url=${encodeURIComponent(String(url))}`

/** A message as WeCom draws it. A card is a link named by its title. */
export function messageView(state: State, message: Received): Html {
  if (message.recalled) return html`<p class="recalled">企盟助手撤回了一条消息</p>`
  const content = shownCard(message)
  switch (message.msgtype) {
    case 'textcard':
      return textCard(content)
    case 'template_card':
      return templateCard(content, message.id, message.update?.replace_name)
    case 'news':
      return news(content.articles as Fields[])
    case 'text':
    case 'markdown':
      return html`<div class="bubble">${richText(String(content.content))}</div>`
    default:
      return html`<div class="bubble">
        <a href="/__phone/media/${String(content.media_id)}">[${message.msgtype === 'image' ? '图片' : '文件'}]</a>
      </div>`
  }
}

/** The line a chat list shows for it. */
export function messageSummary({ msgtype, content, recalled }: Received): string {
  if (recalled) return '企盟助手撤回了一条消息'
  if (msgtype === 'textcard') return String(content.title)
  if (msgtype === 'template_card') {
    return String((isObject(content.main_title) && content.main_title.title) || content.sub_title_text || '[卡片]')
  }
  if (msgtype === 'news') return String((content.articles as Fields[])[0]?.title)
  return msgtype === 'text' || msgtype === 'markdown' ? withoutTags(String(content.content)) : `[${msgtype}]`
}

const withoutTags = (content: string): string => content.replaceAll(/<\/?a\b[^>]*>/g, '')

const textCard = ({ title, description, url, btntxt }: Fields) =>
  html`<article class="card">
    <h2><a class="card-link" href="${open(url)}">${String(title)}</a></h2>
    <div class="card-text">${describe(String(description))}</div>
    <p class="card-more" aria-hidden="true"><span>${String(btntxt)}</span><span>›</span></p>
  </article>`

function templateCard(card: Fields, id: number, replacedName: unknown): Html {
  const main = fields(card.main_title)
  const source = fields(card.source)
  const emphasis = fields(card.emphasis_content)
  const quote = fields(card.quote_area)
  const image = fields(card.card_image)
  const action = fields(card.card_action)
  const title = main.title ?? card.sub_title_text
  const menu = list(fields(card.action_menu).action_list)
  return html`<article class="card">
    ${Boolean(source.desc) && html`<p class="card-source">${text(source.desc)}</p>`}
    <h2>${action.url ? html`<a class="card-link" href="${open(action.url)}">${text(title)}</a>` : text(title)}</h2>
    ${Boolean(main.desc) && html`<p class="card-desc">${text(main.desc)}</p>`}
    ${Boolean(image.url) && html`<img class="card-image" src="${text(image.url)}" alt="" />`}
    ${Boolean(emphasis.title) && html`<p class="card-emphasis"><b>${text(emphasis.title)}</b><span>${text(emphasis.desc)}</span></p>`}
    ${Boolean(quote.quote_text) && html`<blockquote>${text(quote.title)} ${text(quote.quote_text)}</blockquote>`}
    ${Boolean(main.title && card.sub_title_text) && html`<p class="card-desc">${text(card.sub_title_text)}</p>`}
    ${list(card.vertical_content_list).map((item) => html`<p class="card-desc"><b>${text(item.title)}</b> ${text(item.desc)}</p>`)}
    ${
      list(card.horizontal_content_list).length > 0 &&
      html`<dl>
        ${list(card.horizontal_content_list).map(
          (item) =>
            html`<dt>${text(item.keyname)}</dt>
              <dd>${text(item.value)}</dd>`,
        )}
      </dl>`
    }
    ${list(card.jump_list).map((jump) => html`<a class="card-jump" href="${open(jump.url)}">${text(jump.title)}<span aria-hidden="true">›</span></a>`)}
    ${list(card.button_list).length > 0 && html`<div class="card-buttons">${list(card.button_list).map((button) => cardButton(button, id, replacedName))}</div>`}
    ${menu.length > 0 && html`<div class="card-buttons">${menu.map((action) => pressable(action, id))}</div>`}
  </article>`
}

const cardButton = (button: Fields, id: number, replacedName: unknown) => {
  if (replacedName) return html`<button disabled>${text(replacedName)}</button>`
  if (button.type === 1) return html`<a href="${open(button.url)}">${text(button.text)}</a>`
  return pressable(button, id)
}

/** A button whose press the app is told of. */
const pressable = ({ text: caption, key }: Fields, id: number) =>
  html`<button data-press="${id}" data-key="${text(key)}">${text(caption)}</button>`

const news = (articles: Fields[]) =>
  html`<article class="card">
    ${articles.map(
      (article) =>
        html`${article.picurl ? html`<img class="card-image" src="${text(article.picurl)}" alt="" />` : ''}
          <h2><a class="card-link" href="${open(article.url)}">${text(article.title)}</a></h2>
          <p class="card-desc">${text(article.description)}</p>`,
    )}
  </article>`

const fields = (value: unknown): Fields => (isObject(value) ? value : {})
const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isObject) : [])
const text = (value: unknown): string => (value === undefined ? '' : String(value))

/** A textcard's description knows <br> and three classes of <div>, and entities; any other markup is shown as text. */
function describe(source: string): Html {
  let depth = 0
  const safe = source
    .split(/(<br\s*\/?>|<div class="(?:gray|highlight|normal)">|<\/div>|&(?:lt|gt|amp|quot|#39);)/)
    .map((part) => {
      if (/^<br/.test(part)) return '<br>'
      if (part.startsWith('<div class')) {
        depth += 1
        return part
      }
      if (part === '</div>') return depth > 0 ? (depth--, part) : ''
      return /^&(lt|gt|amp|quot|#39);$/.test(part) ? part : escape(part).replaceAll('\n', '<br>')
    })
  return new Html(safe.join('') + '</div>'.repeat(depth))
}

/** Text messages know line breaks and links. */
function richText(source: string): Html {
  const parts = source.split(/(<a href="https?:[^"]+">[^<]*<\/a>)/).map((part) => {
    const link = /^<a href="([^"]+)">([^<]*)<\/a>$/.exec(part)
    return link ? html`<a href="${open(link[1])}">${link[2]}</a>`.text : escape(part).replaceAll('\n', '<br>')
  })
  return new Html(parts.join(''))
}
