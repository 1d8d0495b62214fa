import express, { type Router } from 'express'
import { addPicture, findPicture, readAlbum } from '../phone/album.ts'
import { readClipboard, writeClipboard } from '../phone/clipboard.ts'
import { listDeliveries, readInbox } from '../phone/inbox.ts'
import { publish, readMoments, refusePost, type Link } from '../phone/moments.ts'
import { changePhoneOptions, phoneOptions, type PhoneOptions } from '../phone/options.ts'
import type { State } from '../state/state.ts'
import { ControlError, oneOf, personAt, textIn } from './input.ts'

/** What lies on a phone, and what its owner does with it by hand. */
export function phonesControl(router: Router, state: State): void {
  const owner = (params: unknown) => personAt(state, (params as { userid: string }).userid).userid

  router.get('/phones/:userid/messages', (request, response) => {
    response.json(readInbox(state, owner(request.params), Number(request.query.limit ?? 1000)))
  })

  /** Every message on every phone, for counting: which, on whose phone, and the address it opens. */
  router.get('/messages', (_request, response) => {
    response.json(listDeliveries(state))
  })

  router.get('/phones/:userid/clipboard', (request, response) => {
    response.json({ text: readClipboard(state, owner(request.params)) })
  })
  router.post('/phones/:userid/clipboard', (request, response) => {
    writeClipboard(state, owner(request.params), textIn(request.body, 'text'))
    response.json({ ok: true })
  })

  router.get('/phones/:userid/album', (request, response) => {
    response.json(readAlbum(state, owner(request.params)))
  })
  /** Body: the picture's bytes. */
  router.post('/phones/:userid/album', express.raw({ type: 'image/*', limit: '30mb' }), async (request, response) => {
    const userid = owner(request.params)
    if (!Buffer.isBuffer(request.body)) throw new ControlError('send the bytes of a picture, content-type image/*')
    const name = typeof request.query.name === 'string' ? request.query.name : 'IMG.png'
    response.json(await addPicture(state, userid, { bytes: request.body, name }))
  })
  router.get('/phones/:userid/pictures/:id', (request, response) => {
    const picture = findPicture(state, owner(request.params), request.params.id)
    if (picture) response.type(picture.type).send(picture.bytes)
    else response.status(404).json({ error: 'no such picture' })
  })

  router.get('/phones/:userid/moments', (request, response) => {
    response.json(readMoments(state, owner(request.params)))
  })
  router.post('/phones/:userid/moments', (request, response) => {
    const { body } = request as { body: Record<string, unknown> }
    const post = {
      kind: oneOf(body.kind ?? 'wechat', ['wechat', 'wecom'], 'kind'),
      text: textIn({ text: '', ...body }, 'text'),
      pictures: Array.isArray(body.pictures) ? body.pictures.map(String) : [],
      ...(body.link ? { link: body.link as Link } : {}),
    }
    const refused = refusePost(post)
    if (refused) throw new ControlError(refused)
    response.json(publish(state, owner(request.params), post))
  })

  router.get('/phones/:userid/options', (request, response) => {
    response.json(phoneOptions(state, owner(request.params)))
  })
  router.patch('/phones/:userid/options', (request, response) => {
    const { body } = request as { body: Record<string, unknown> }
    const change: Partial<PhoneOptions> = {}
    if (body.client !== undefined) change.client = oneOf(body.client, ['ios', 'android'], 'client')
    if (body.bridge !== undefined)
      change.bridge = oneOf(body.bridge, ['normal', 'late', 'none', 'mute', 'old', 'browser'], 'bridge')
    if (body.externalMoments !== undefined) change.externalMoments = body.externalMoments === true
    response.json(changePhoneOptions(state, owner(request.params), change))
  })
  /** The app's cookies on this phone: gone means logged out. */
  router.delete('/phones/:userid/cookies', (request, response) => {
    state.sql('DELETE FROM cookies WHERE userid = ?').run(owner(request.params))
    response.json({ ok: true })
  })
}
