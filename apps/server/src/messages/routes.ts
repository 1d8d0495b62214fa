import { messageApi } from '@qimeng/contract/messages'
import { Router } from 'express'
import { mount } from '../http/mount.ts'
import type { Parts } from '../parts.ts'
import { viewMessages } from './messages.ts'
import { countUnread, markRead } from './store.ts'

export function messageRoutes(parts: Parts): Router {
  const router = Router()

  mount(parts, router, messageApi.list, ({ session, query }) => viewMessages(parts.db, session.userid, query))

  mount(parts, router, messageApi.unread, async ({ session }) => ({
    unread: await countUnread(parts.db, session.userid),
  }))

  mount(parts, router, messageApi.markRead, async ({ session, body }) => {
    await markRead(parts.db, session.userid, body.ids, parts.clock.now())
    return {}
  })

  return router
}
