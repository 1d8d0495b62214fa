import type { State } from '../state/state.ts'
import { isObject } from './call.ts'
import { cardContent } from './cards.ts'
import { WecomError } from './errors.ts'
import { findMedia } from './media.ts'

/** What reaches the phone: validated and cut to WeCom's lengths (WECOM.md 3.2, 3.3). */
export type Content = Record<string, unknown>

/** Checks the part of the body named like its msgtype. */
export function messageContent(state: State, msgtype: unknown, body: Record<string, unknown>): Content {
  const check = typeof msgtype === 'string' ? CONTENT[msgtype] : undefined
  if (!check) throw new WecomError(40008, 'invalid message type')
  const part = body[msgtype as string]
  return check(isObject(part) ? part : {}, state)
}

const CONTENT: Record<string, (part: Record<string, unknown>, state: State) => Content> = {
  text: ({ content }) => {
    if (!filled(content)) throw new WecomError(44004, 'empty content')
    return { content: cutBytes(content, 2048) }
  },
  markdown: ({ content }) => {
    if (!filled(content)) throw new WecomError(44004, 'empty content')
    return { content: cutBytes(content, 2048) }
  },
  textcard: ({ title, description, url, btntxt }) => {
    if (!filled(title)) throw new WecomError(41016, 'missing title')
    if (!filled(description)) throw new WecomError(41033, 'missing description')
    return {
      title: cutCharacters(title, 128),
      description: cutCharacters(description, 512),
      url: checkUrl(url),
      btntxt: filled(btntxt) ? cutCharacters(btntxt, 4) : '详情',
    }
  },
  news: ({ articles }) => {
    if (!Array.isArray(articles) || articles.length < 1 || articles.length > 8) {
      throw new WecomError(45008, 'invalid news articles size')
    }
    return { articles: articles.map((article) => newsArticle(isObject(article) ? article : {})) }
  },
  image: mediaContent,
  file: mediaContent,
  video: mediaContent,
  voice: mediaContent,
  template_card: (card, state) => cardContent(card, state),
}

function newsArticle({ title, description, url, picurl }: Record<string, unknown>) {
  if (!filled(title)) throw new WecomError(41016, 'missing title')
  return {
    title: cutBytes(title, 128),
    description: filled(description) ? cutBytes(description, 512) : '',
    url: checkUrl(url),
    picurl: filled(picurl) ? picurl : undefined,
  }
}

function mediaContent({ media_id }: Record<string, unknown>, state: State): Content {
  if (!filled(media_id)) throw new WecomError(41006, 'missing media_id')
  if (!findMedia(state, media_id)) throw new WecomError(40007, 'invalid media_id')
  return { media_id }
}

export const filled = (value: unknown): value is string => typeof value === 'string' && value !== ''

export function checkUrl(url: unknown): string {
  if (!filled(url)) throw new WecomError(41010, 'missing url')
  if (!/^https?:\/\//.test(url)) throw new WecomError(45034, 'url must start with http:// or https://')
  if (Buffer.byteLength(url) > 2048) throw new WecomError(40039, 'invalid url size')
  return url
}

export const cutCharacters = (text: string, limit: number): string => [...text].slice(0, limit).join('')

/** Cuts between characters, at most `limit` bytes of UTF-8. */
export function cutBytes(text: string, limit: number): string {
  let size = 0
  let cut = ''
  for (const character of text) {
    size += Buffer.byteLength(character)
    if (size > limit) return cut
    cut += character
  }
  return cut
}
