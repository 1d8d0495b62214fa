import express, { type Request, type Router } from 'express'
import { findMedia } from '../api/media.ts'
import type { Person } from '../state/people.ts'
import type { State } from '../state/state.ts'
import { addPicture, findPicture, readAlbum } from './album.ts'
import { bridgeCall, mayShareToExternalMoments } from './bridge.ts'
import { readClipboard, writeClipboard } from './clipboard.ts'
import { phoneOrigin } from './hosts.ts'
import { nativeFetch } from './native-fetch.ts'
import { findMoment, publish, readMoments, refusePost, type Moment } from './moments.ts'
import { changePhoneOptions } from './options.ts'
import { toApp } from './origin.ts'
import { pressCard } from './press.ts'
import { screenshot } from './screenshot.ts'
import { writeToApp } from './written.ts'

/** What the phone's own screens do; the person is known from the host. */
export function phoneActions(state: State, owner: (request: Request) => Person): Router {
  const router = express.Router()
  router.use(express.json({ limit: '20mb' }))

  router.post('/bridge/:name', async (request, response) => {
    const { url, params } = request.body as { url: string; params: Record<string, unknown> }
    response.json(await bridgeCall(state, owner(request), request.params.name, url, params))
  })
  router.get('/may-share', (request, response) => {
    response.json({ allowed: mayShareToExternalMoments(state, owner(request)) })
  })

  router.post('/press', (request, response) => {
    const { message, key } = request.body as { message: number; key: string }
    response.json(pressCard(state, owner(request), message, key))
  })

  router.post('/write', (request, response) => {
    const { content } = request.body as { content: unknown }
    response.json({ refused: writeToApp(state, owner(request), String(content)) })
  })

  router.post('/outside', (request, response) => {
    const { url } = request.body as { url: string }
    response.json({ url: toApp(url, state, phoneOrigin(state, owner(request))) })
  })

  router.get('/clipboard', (request, response) => {
    response.json({ text: readClipboard(state, owner(request).userid) })
  })
  router.post('/clipboard', (request, response) => {
    writeClipboard(state, owner(request).userid, String((request.body as { text: unknown }).text))
    response.json({ ok: true })
  })

  router.get('/pictures', (request, response) => {
    response.json(readAlbum(state, owner(request).userid))
  })
  router.get('/pictures/:id', (request, response) => {
    const picture = findPicture(state, owner(request).userid, request.params.id)
    if (!picture) response.sendStatus(404)
    else response.set('Cache-Control', 'private, max-age=86400').type(picture.type).send(picture.bytes)
  })
  /** What the native viewer shows: fetched by the client itself, without the page's cookies. */
  router.get('/fetch', async (request, response) => {
    const bytes = await nativeFetch(state, owner(request), String(request.query.url))
    if (bytes) response.type('image').send(bytes)
    else response.sendStatus(204) // the viewer shows that it cannot be loaded
  })
  router.post('/save', async (request, response) => {
    const { url } = request.body as { url: string }
    response.json({ saved: (await savePicture(state, owner(request), url, true)) !== undefined })
  })

  router.post('/moments', async (request, response) => {
    const person = owner(request)
    const post = await readPost(state, person, request.body as Draft)
    const refused = refusePost(post)
    if (refused) response.json({ refused })
    else response.json({ published: publish(state, person.userid, post).id })
  })
  router.post('/screenshot', async (request, response) => {
    const person = owner(request)
    const { moment: id } = request.body as { moment: string }
    const moment = id === 'latest' ? readMoments(state, person.userid)[0] : findMoment(state, person.userid, Number(id))
    if (!moment) {
      response.json({ refused: '还没有发表过朋友圈，没有可截的内容' })
      return
    }
    const bytes = await screenshot(state, person, moment)
    await addPicture(state, person.userid, { bytes, name: `截屏-${moment.id}-${Date.now() % 100_000}.png` })
    response.json({ saved: true })
  })

  router.post('/options', (request, response) => {
    const { name, value } = request.body as { name: 'client' | 'bridge' | 'externalMoments'; value: string }
    const change = { [name]: name === 'externalMoments' ? value === 'true' : value }
    response.json(changePhoneOptions(state, owner(request).userid, change))
  })

  router.get('/events', (request, response) => {
    const { userid } = owner(request)
    response.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).flushHeaders()
    const tell = (whose: string) => {
      if (whose.toLowerCase() === userid.toLowerCase()) response.write('data: changed\n\n')
    }
    state.events.on('phone', tell)
    // Something may have changed between drawing the page and this moment: let it look once.
    tell(userid)
    request.on('close', () => state.events.off('phone', tell))
  })
  return router
}

interface Draft {
  kind: Moment['kind']
  text: string
  /** Picture ids of this phone, or addresses the composer fetches. */
  pictures: string[]
  link?: { title: string; url: string; cover?: string }
}

/** A picture that cannot be fetched is silently left out, as the real composer does (WECOM.md 5.7). */
async function readPost(state: State, person: Person, draft: Draft): Promise<Omit<Moment, 'id' | 'at'>> {
  const resolve = async (picture: string) =>
    findPicture(state, person.userid, picture)?.id ?? (await savePicture(state, person, picture, false))
  const pictures = (await Promise.all(draft.pictures.map(resolve))).filter((id) => id !== undefined)
  const { link } = draft
  const cover = link?.cover ? await resolve(link.cover) : undefined
  return {
    kind: draft.kind === 'wecom' ? 'wecom' : 'wechat',
    text: draft.text,
    pictures,
    ...(link ? { link: { title: link.title || link.url, url: link.url, ...(cover ? { cover } : {}) } } : {}),
  }
}

/** From an address, or from a media_id the app uploaded. */
async function savePicture(
  state: State,
  person: Person,
  source: string,
  inAlbum: boolean,
): Promise<string | undefined> {
  const bytes = findMedia(state, source)?.bytes ?? (await nativeFetch(state, person, source))
  if (!bytes) return undefined
  const count = readAlbum(state, person.userid).length + 1
  try {
    const { id } = await addPicture(
      state,
      person.userid,
      { bytes, name: `IMG_${String(count).padStart(4, '0')}.jpg` },
      inAlbum,
    )
    return id
  } catch {
    return undefined // not a picture
  }
}
