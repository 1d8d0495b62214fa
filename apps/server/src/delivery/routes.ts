import { deliveryApi } from '@qimeng/contract/delivery'
import { Router } from 'express'
import { mount } from '../http/mount.ts'
import type { Parts } from '../parts.ts'
import { listExecutions } from './executions.ts'
import { cancelPush, issueNow } from './issue.ts'
import { remind, reminderReport } from './remind.ts'
import { resend } from './resend.ts'
import { completionTimeline } from './timeline.ts'

export function deliveryRoutes(parts: Parts): Router {
  const router = Router()

  mount(parts, router, deliveryApi.executions, ({ params, query }) => listExecutions(parts.db, params.pushId, query))

  mount(parts, router, deliveryApi.timeline, ({ params }) => completionTimeline(parts, params.pushId))

  mount(parts, router, deliveryApi.remind, ({ session, params, body, remember }) =>
    remind(parts, session, params.pushId, body.userids, remember),
  )

  mount(parts, router, deliveryApi.reminder, ({ params }) => reminderReport(parts.db, params.pushId, params.round))

  mount(parts, router, deliveryApi.resend, ({ session, params, body, remember }) =>
    resend(parts, session, params.pushId, body.userids, remember),
  )

  mount(parts, router, deliveryApi.issueNow, async ({ session, params }) => {
    await issueNow(parts, session, params.pushId)
    return {}
  })

  mount(parts, router, deliveryApi.cancel, async ({ session, params }) => {
    await cancelPush(parts, session, params.pushId)
    return {}
  })

  return router
}
