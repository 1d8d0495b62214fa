import type { State } from '../state/state.ts'

export interface Link {
  title: string
  url: string
  /** A picture id of this phone, when the cover could be fetched. */
  cover?: string
}

export interface Moment {
  id: number
  at: number
  /** 微信朋友圈 or 企业微信朋友圈 (customers see it). */
  kind: 'wechat' | 'wecom'
  text: string
  /** Picture ids of this phone, at most 9. */
  pictures: string[]
  link?: Link
}

interface Row {
  id: number
  at: number
  kind: Moment['kind']
  text: string
  pictures: string
  link: string | null
}

const moment = ({ link, pictures, ...row }: Row): Moment => ({
  ...row,
  pictures: JSON.parse(pictures) as string[],
  ...(link ? { link: JSON.parse(link) as Link } : {}),
})

/** What this person published, newest first. */
export const readMoments = (state: State, userid: string): Moment[] =>
  state.sql<[string], Row>('SELECT * FROM moments WHERE userid = ? ORDER BY id DESC').all(userid).map(moment)

export const findMoment = (state: State, userid: string, id: number): Moment | undefined =>
  state.sql<[string, number], Row>('SELECT * FROM moments WHERE userid = ? AND id = ?').all(userid, id).map(moment)[0]

export function publish(state: State, userid: string, post: Omit<Moment, 'id' | 'at'>): Moment {
  const { lastInsertRowid } = state
    .sql('INSERT INTO moments (userid, at, kind, text, pictures, link) VALUES (?, ?, ?, ?, ?, ?)')
    .run(
      userid,
      state.now(),
      post.kind,
      post.text,
      JSON.stringify(post.pictures),
      post.link ? JSON.stringify(post.link) : null,
    )
  state.events.emit('phone', userid)
  return findMoment(state, userid, Number(lastInsertRowid))!
}

/** Why a post cannot be published, as the composer says it; undefined when it can. */
export function refusePost({ text, pictures, link }: Pick<Moment, 'text' | 'pictures' | 'link'>): string | undefined {
  if (pictures.length > 9) return '最多 9 张图片'
  if (pictures.length > 0 && link) return '图片和链接不能一起发表'
  if (!text.trim() && pictures.length === 0 && !link) return '写点什么，或者选几张图片'
  return undefined
}
