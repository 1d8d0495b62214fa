import { meApi, settingsApi } from '@qimeng/contract'
import { type Request, type Response, Router } from 'express'
import { audit } from '../audit/audit.ts'
import type { Audience } from '../db/schema.ts'
import { mount } from '../http/mount.ts'
import { closeSession, findSession, openSession, sessionsOf } from '../http/sessions.ts'
import type { Parts } from '../parts.ts'
import { personRef } from '../people/people.ts'
import { addAdmin, endSessions, endSessionsOfAdmin, listAdmins, removeAdmin } from './admins.ts'
import { loginLimits } from './limits.ts'
import { judgeLogin, loginUrl, type LoginRefusal } from './login.ts'
import { HOME, safeReturnPath } from './return-path.ts'
import { redeemLogin, rememberLogin } from './states.ts'

export function authRoutes(parts: Parts): Router {
  const router = Router()
  const limits = loginLimits(parts)

  const offerLogin = (audience: Audience) => async (request: Request, response: Response) => {
    await limits.address(request.ip)
    const returnPath = safeReturnPath(audience, request.query.return)
    const state = await rememberLogin(parts, { request, response, audience, returnPath })
    response.set('Cache-Control', 'no-store').redirect(loginUrl(parts, audience, state))
  }

  // Every way out of here is a redirect, so that the code stays in no address bar and in no history.
  const endLogin = (audience: Audience) => async (request: Request, response: Response) => {
    await limits.address(request.ip)
    response.set('Cache-Control', 'no-store')
    const returnPath = await redeemLogin(parts, request, audience)
    if (returnPath === undefined) {
      // The back button leads here again: whoever is logged in already simply goes on.
      const known = await findSession(parts, request, audience)
      if (!known) parts.log.info({ audience, reason: 'expired', from: request.ip }, 'a login was refused')
      return response.redirect(known ? HOME[audience] : refusedPage(audience, 'expired', HOME[audience]))
    }
    const outcome = await judgeLogin(parts, request, audience)
    if ('refused' in outcome) {
      const { refused: reason, name } = outcome
      parts.log.info({ audience, reason, name, from: request.ip }, 'a login was refused')
      return response.redirect(refusedPage(audience, reason, returnPath, outcome))
    }
    const { userid } = outcome.person
    await limits.person(userid)
    await closeSession(parts, request, response, audience)
    await openSession(parts, response, audience, userid)
    parts.log.info({ audience, userid, from: request.ip }, 'logged in')
    if (audience === 'admin') {
      await audit(parts.db, parts, { actor: userid, action: 'admin.login', subject: userid })
    }
    response.redirect(returnPath)
  }

  router.get('/auth/console/login', offerLogin('admin'))
  router.get('/auth/console/callback', endLogin('admin'))
  router.get('/auth/me/login', offerLogin('me'))
  router.get('/auth/me/callback', endLogin('me'))

  mount(parts, router, settingsApi.session, async ({ session }) => {
    const { userid, name, department } = await personRef(parts.db, session.userid)
    const { maxExecutors, cardKind } = parts.config
    return { userid, name, department, limits: { executors: maxExecutors }, cardKind, now: parts.clock.now() }
  })
  mount(parts, router, settingsApi.logout, async ({ request, response }) => {
    await closeSession(parts, request, response, 'admin')
    return {}
  })
  mount(parts, router, settingsApi.sessions, async ({ session, request }) => {
    const place = { admin: 'console', me: 'phone' } as const
    const sessions = await sessionsOf(parts, request, session)
    return { sessions: sessions.map(({ audience, ...row }) => ({ ...row, place: place[audience] })) }
  })
  mount(parts, router, settingsApi.logoutEverywhere, async ({ session, request, response }) => {
    await endSessions(parts, session.userid, session.userid)
    await closeSession(parts, request, response, 'admin')
    return {}
  })
  mount(parts, router, settingsApi.endSessions, async ({ session, params }) => {
    await endSessionsOfAdmin(parts, session.userid, params.userid)
    return {}
  })
  mount(parts, router, settingsApi.admins, async () => ({ admins: await listAdmins(parts.db) }))
  mount(parts, router, settingsApi.addAdmin, async ({ session, body }) => {
    await addAdmin(parts, session.userid, body.userid)
    return {}
  })
  mount(parts, router, settingsApi.removeAdmin, async ({ session, params }) => {
    await removeAdmin(parts, session.userid, params.userid)
    return {}
  })
  mount(parts, router, meApi.session, async ({ session }) => {
    const { userid, name, department } = await personRef(parts.db, session.userid)
    const { corpId, agentId } = parts.config.wecom
    return { userid, name, department, corpId, agentId }
  })
  mount(parts, router, meApi.logout, async ({ request, response }) => {
    await closeSession(parts, request, response, 'me')
    return {}
  })
  return router
}

/** The page that says why there is no session and offers another try. */
function refusedPage(
  audience: Audience,
  reason: LoginRefusal,
  returnPath: string,
  { name, ask = [] }: { name?: string; ask?: string[] } = {},
): string {
  const query = new URLSearchParams({ [audience === 'admin' ? 'error' : 'reason']: reason })
  if (name && audience === 'admin') query.set('name', name)
  if (ask.length > 0) query.set('ask', ask.join('、'))
  query.set('return', returnPath)
  return `${audience === 'admin' ? '/admin/login' : '/m/refused'}?${query}`
}
