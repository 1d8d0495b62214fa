import { meApi } from '@qimeng/contract/me'
import { Router } from 'express'
import { mount } from '../http/mount.ts'
import type { Parts } from '../parts.ts'
import { submitProof } from '../proofs/proofs.ts'
import { listMine, viewMyPush } from './mine.ts'

export function mineRoutes(parts: Parts): Router {
  const router = Router()

  mount(parts, router, meApi.executions, ({ session, query }) => listMine(parts, session, query))

  mount(parts, router, meApi.push, ({ session, params }) => viewMyPush(parts, session, params.pushId))

  mount(
    parts,
    router,
    meApi.submitProof,
    ({ session, params, body, remember }) => {
      const { pushId } = params
      return parts.db.transaction().execute(async (trx) => {
        await submitProof(parts, trx, { session, pushId, imageIds: body.images })
        return remember(trx, await viewMyPush({ ...parts, db: trx }, session, pushId))
      })
    },
    ({ session, params }) => viewMyPush(parts, session, params.pushId),
  )

  return router
}
