import { linkApi } from '@qimeng/contract/links'
import { Router } from 'express'
import { mount } from '../http/mount.ts'
import { rateLimit } from '../http/rate-limit.ts'
import type { Parts } from '../parts.ts'
import { previewLink } from './links.ts'
import { publicWeb } from './web.ts'

/** @param web what the server may visit; tests bring one of their own, in which their servers count as public */
export function linkRoutes(parts: Parts, web = publicWeb()): Router {
  const router = Router()
  /** A task has 5 links at most: enough for several, too few to scan anything with. */
  const perPerson = rateLimit({ times: 20, seconds: 60, message: '获取过于频繁，请稍后再试' })
  mount(parts, router, linkApi.preview, async ({ session, body }) => {
    await perPerson(session.userid.toLowerCase())
    return previewLink(parts, web, session, body.url)
  })
  return router
}
