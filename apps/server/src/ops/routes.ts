import { settingsApi } from '@qimeng/contract'
import { Router } from 'express'
import { mount } from '../http/mount.ts'
import type { Parts } from '../parts.ts'
import { deedChoices } from './deed-choices.ts'
import { listDeeds } from './deeds.ts'
import { checkConfiguration } from './doctor.ts'
import { listFailedJobs, retryFailedJob } from './failed-jobs.ts'

export function opsRoutes(parts: Parts): Router {
  const router = Router()
  mount(parts, router, settingsApi.check, async () => ({ checks: await checkConfiguration(parts) }))
  mount(parts, router, settingsApi.failedJobs, async () => ({ jobs: await listFailedJobs(parts) }))
  mount(parts, router, settingsApi.retryJob, ({ session, params }) => retryFailedJob(parts, session, params.jobId))
  mount(parts, router, settingsApi.auditLog, ({ query }) => listDeeds(parts.db, query))
  mount(parts, router, settingsApi.auditChoices, () => deedChoices(parts.db))
  return router
}
