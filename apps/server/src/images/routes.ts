import { imageApi, meApi } from '@qimeng/contract'
import { Router } from 'express'
import { askedRange } from '../http/byte-range.ts'
import { mount } from '../http/mount.ts'
import { sendBlob } from '../http/send-blob.ts'
import type { Parts } from '../parts.ts'
import { notFound, Refusal } from '../refusal.ts'
import { blobKey, storeImage, viewOf } from './images.ts'
import { readPictureUrl, signerOf, type Viewer } from './links.ts'
import { findVisibleImage } from './store.ts'
import { SMALL_TYPE } from './variants.ts'

export function imageRoutes(parts: Parts): Router {
  const router = Router()
  const withFreshLinks = async (imageId: string, viewer: Viewer) => {
    const image = await findVisibleImage(parts.db, imageId, viewer)
    if (!image) throw notFound('图片')
    return viewOf(await signerOf(parts), image, viewer)
  }
  mount(
    parts,
    router,
    imageApi.upload,
    ({ image, query, session, remember }) =>
      storeImage(parts, { stream: image, owner: session, purpose: query.purpose, remember }),
    ({ session }, { id }) => withFreshLinks(id, session),
  )
  mount(parts, router, imageApi.renew, ({ params, session }) => withFreshLinks(params.imageId, session))
  mount(
    parts,
    router,
    meApi.upload,
    ({ image, session, remember }) => storeImage(parts, { stream: image, owner: session, purpose: 'proof', remember }),
    ({ session }, { id }) => withFreshLinks(id, session),
  )
  return router
}

/** The pictures themselves. The link says for whom it was made; whether that person may still look is asked each time. */
export function pictureFiles(parts: Parts): Router {
  const router = Router()
  router.get('/files/images/:imageId/:variant', async (request, response) => {
    const address = { ...request.query, ...request.params } as Parameters<typeof readPictureUrl>[1]
    const link = readPictureUrl(await signerOf(parts), address)
    if (!link) throw new Refusal('forbidden', '图片链接无效')
    const secondsLeft = Math.floor((link.expiresAt - parts.clock.now()) / 1000)
    if (secondsLeft <= 0) throw new Refusal('forbidden', '图片链接已过期，请刷新页面')
    const image = await findVisibleImage(parts.db, link.imageId, link.viewer)
    if (!image) throw notFound('图片')
    response.set({
      'Content-Type': link.variant === 'full' ? image.type : SMALL_TYPE,
      'Content-Disposition': 'inline',
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'Cache-Control': `private, max-age=${secondsLeft}, immutable`,
      ETag: `"${image.sha256.slice(0, 32)}-${link.variant}"`,
    })
    if (request.fresh) return void response.status(304).end()
    const key = blobKey(image.id, link.variant)
    const range = askedRange(request, response)
    const blob = await parts.blobs.get(key, range)
    if (!blob) throw new Error(`the blob ${key} is missing`)
    await sendBlob(blob, request, response, range)
  })
  return router
}
