import { proofApi } from '@qimeng/contract/proofs'
import { Router } from 'express'
import { audit } from '../audit/audit.ts'
import { findExecution } from '../delivery/access.ts'
import { mount } from '../http/mount.ts'
import type { Parts } from '../parts.ts'
import { personRef } from '../people/people.ts'
import { notFound } from '../refusal.ts'
import { viewProofs } from './proofs.ts'

export function proofRoutes(parts: Parts): Router {
  const router = Router()

  mount(parts, router, proofApi.view, async ({ session, params }) => {
    const { pushId, userid } = params
    const execution = await findExecution(parts.db, pushId, userid)
    if (!execution || execution.deletedAt !== null) throw notFound('执行凭证')
    await audit(parts.db, parts, { actor: session.userid, action: 'proof.view', subject: pushId, detail: { userid } })
    return {
      person: await personRef(parts.db, userid),
      versions: await viewProofs(parts, pushId, userid, session),
    }
  })

  return router
}
