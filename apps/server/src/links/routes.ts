import { linkApi } from '@qimeng/contract/links'
import { Router } from 'express'
import { mount } from '../http/mount.ts'
import type { Parts } from '../parts.ts'
import { previewLink } from './links.ts'
import { publicWeb } from './web.ts'

/** @param web what the server may visit; tests bring one of their own, in which their servers count as public */
export function linkRoutes(parts: Parts, web = publicWeb()): Router {
  const router = Router()
  mount(parts, router, linkApi.preview, ({ session, body }) => previewLink(parts, web, session, body.url))
  return router
}
