import { escapeHtml, fit } from './fit.ts'

/** The part of a message that says what it shows: `msgtype` and the member of that name. */
export type MessageContent =
  | { msgtype: 'text'; text: object }
  | { msgtype: 'textcard'; textcard: object }
  | { msgtype: 'template_card'; template_card: object }

/** `text`, WECOM.md 3.2: line breaks and links (`<a href>`) are shown as such. A cut would go through a link: it throws. */
export function textMessage(content: string): MessageContent {
  if (content === '' || Buffer.byteLength(content) > 2048) throw new RangeError('a text has 1 to 2048 bytes')
  return { msgtype: 'text', text: { content } }
}

export interface CardLine {
  text: string
  tone?: 'gray' | 'normal' | 'highlight'
}

/** `textcard`, WECOM.md 3.2. The first lines of the description are the ones kept when there is too much. */
export function textCard(card: {
  title: string
  lines: readonly CardLine[]
  url: string
  button?: string
}): MessageContent {
  return {
    msgtype: 'textcard',
    textcard: {
      // Pages of different years say 128 characters and 128 bytes; bytes satisfy both. So with the description's 512.
      title: fit(card.title, { bytes: 128 }),
      description: describe(card.lines, 512),
      url: cardUrl(card.url),
      ...(card.button !== undefined && { btntxt: fit(card.button, { bytes: 16, characters: 4 }) }),
    },
  }
}

function describe(lines: readonly CardLine[], bytes: number): string {
  let description = ''
  for (const { text, tone = 'normal' } of lines) {
    const [open, close] = [`<div class="${tone}">`, '</div>']
    const left = bytes - Buffer.byteLength(description) - open.length - close.length
    const line = fit(text, { bytes: left, encode: escapeHtml })
    if (line) description += open + line + close
  }
  return description
}

export interface NoticeCard {
  title: string
  subtitle?: string
  /** Small print above the title: who sends this. */
  source?: string
  facts?: readonly { name: string; value: string }[]
  /** A few sentences under the title. */
  note?: string
  url: string
  /** Words of the link under the card. The card itself opens the same address. */
  jump?: string
  /** Unique within the app for ever, but a retry of the same bytes keeps it (WECOM.md 3.3). */
  taskId?: string
  /** Lines that one can press: each press comes back as a callback, and asks for a `taskId`. One to three. */
  menu?: { hint: string; actions: readonly { text: string; key: string }[] }
}

/** `template_card` of the type `text_notice`, WECOM.md 3.3, within the lengths suggested there. */
export function noticeCard({
  title,
  subtitle,
  source,
  facts = [],
  note,
  url,
  jump,
  taskId,
  menu,
}: NoticeCard): MessageContent {
  if (menu && taskId === undefined) throw new RangeError('a card with a menu needs a task_id')
  if (taskId !== undefined && !/^[\w@-]{1,128}$/.test(taskId)) throw new RangeError(`not a task_id: ${taskId}`)
  return {
    msgtype: 'template_card',
    template_card: {
      card_type: 'text_notice',
      ...(taskId !== undefined && { task_id: taskId }),
      ...(source !== undefined && { source: { desc: fit(source, { bytes: 128, characters: 13 }) } }),
      main_title: {
        title: fit(title, { bytes: 128, characters: 36 }),
        ...(subtitle !== undefined && { desc: fit(subtitle, { bytes: 160, characters: 44 }) }),
      },
      ...(note && { sub_title_text: fit(note, { bytes: 512, characters: 160 }) }),
      horizontal_content_list: facts.slice(0, 6).map(({ name, value }) => ({
        keyname: fit(name, { bytes: 20, characters: 5 }),
        value: fit(value, { bytes: 120, characters: 30 }),
      })),
      ...(jump !== undefined && {
        jump_list: [{ type: 1, title: fit(jump, { bytes: 72, characters: 18 }), url: cardUrl(url) }],
      }),
      card_action: { type: 1, url: cardUrl(url) },
      ...(menu && {
        action_menu: {
          desc: fit(menu.hint, { bytes: 80, characters: 20 }),
          action_list: menu.actions.map(({ text, key }) => ({ text: fit(text, { bytes: 40, characters: 10 }), key })),
        },
      }),
    },
  }
}

/** A link cannot be cut: one WeCom would refuse (45034) is our own mistake and shows here, before anything is frozen. */
function cardUrl(url: string): string {
  const { protocol } = new URL(url)
  if (!/^https?:$/.test(protocol) || Buffer.byteLength(url) > 2048) {
    throw new RangeError('a card needs an http(s) link of at most 2048 bytes')
  }
  return url
}
