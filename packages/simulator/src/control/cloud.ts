import type { Router } from 'express'
import { addFault, clearFaults, listFaults, startChaos } from '../api/faults.ts'
import { listCalls } from '../api/log.ts'
import { revokeTokens } from '../api/token.ts'
import { issueCode, type Outsider } from '../state/codes.ts'
import { FAULT_KINDS, type Fault } from '../state/faults.ts'
import { LIMITS, type Limits } from '../state/limits.ts'
import { readSettings, writeSettings, type Settings, type State } from '../state/state.ts'
import { numberIn, oneOf, personAt, textIn } from './input.ts'

/** Behind the scenes of the cloud API: what was called, what goes wrong next, tokens, clock. */
export function cloudControl(router: Router, state: State): void {
  router.get('/calls', (request, response) => {
    const { path, since, limit } = request.query as Record<string, string | undefined>
    response.json(listCalls(state, { path, since: Number(since ?? 0), limit: Number(limit ?? 1000) }))
  })
  router.delete('/calls', (_request, response) => {
    state.db.exec('DELETE FROM calls')
    response.json({ ok: true })
  })

  router.post('/faults', (request, response) => {
    const { body } = request as { body: Record<string, unknown> }
    if (body.downSeconds !== undefined) {
      state.downUntil = Date.now() + numberIn(body, 'downSeconds') * 1000
    } else if (body.seed !== undefined) {
      const kinds = Array.isArray(body.kinds) ? body.kinds : FAULT_KINDS
      startChaos(state, {
        seed: numberIn(body, 'seed'),
        share: numberIn(body, 'share', 0.1),
        path: textIn({ path: '*', ...body }, 'path'),
        kinds: kinds.map((kind) => oneOf(kind, FAULT_KINDS, 'kinds')),
      })
    } else {
      const fault: Fault = {
        path: textIn(body, 'path'),
        kind: oneOf(body.kind, FAULT_KINDS, 'kind'),
        ...(body.errcode === undefined ? {} : { errcode: numberIn(body, 'errcode') }),
        ...(body.errmsg === undefined ? {} : { errmsg: textIn(body, 'errmsg') }),
        ...(body.delayMs === undefined ? {} : { delayMs: numberIn(body, 'delayMs') }),
      }
      addFault(state, fault, numberIn(body, 'times', 1))
    }
    response.json({ ok: true })
  })
  router.get('/faults', (_request, response) => {
    response.json(listFaults(state))
  })
  router.delete('/faults', (_request, response) => {
    clearFaults(state)
    response.json({ ok: true })
  })

  router.post('/tokens/revoke', (_request, response) => {
    response.json({ ok: true, revoked: revokeTokens(state) })
  })
  router.post('/clock', (request, response) => {
    writeSettings(state, { clockOffsetMs: numberIn(request.body, 'offsetMs') })
    response.json({ ok: true, now: state.now() })
  })
  router.get('/settings', (_request, response) => {
    response.json(readSettings(state))
  })
  router.patch('/settings', (request, response) => {
    const { body } = request as { body: Record<string, unknown> }
    const change: Partial<Settings> = {}
    if (body.tokenMode !== undefined) change.tokenMode = oneOf(body.tokenMode, ['same', 'rotate'], 'tokenMode')
    if (body.reportEnter !== undefined) change.reportEnter = body.reportEnter === true
    if (body.limits !== undefined) change.limits = limitsIn(body.limits as Record<string, unknown>)
    if (body.trustedIps !== undefined) {
      change.trustedIps = Array.isArray(body.trustedIps) ? body.trustedIps.map(String) : null
    }
    if (body.domainVerified !== undefined) change.domainVerified = body.domainVerified === true
    response.json(writeSettings(state, change))
  })

  /** A login code without a browser: what OAuth or the login page would have put into the redirect. */
  router.post('/codes', (request, response) => {
    const { body } = request as { body: Record<string, unknown> }
    const who = body.openid === undefined ? personAt(state, body.userid).userid : outsiderIn(body)
    response.json({ code: issueCode(state, who) })
  })
}

function outsiderIn(body: Record<string, unknown>): Outsider {
  const customer = body.external_userid === undefined ? {} : { external_userid: textIn(body, 'external_userid') }
  return { openid: textIn(body, 'openid'), ...customer }
}

/** WeCom's own limits where nothing else is said, so that `{}` brings them back. */
function limitsIn(body: Record<string, unknown>): Limits {
  const names = Object.keys(LIMITS) as (keyof Limits)[]
  for (const name of Object.keys(body)) oneOf(name, names, 'limits')
  return Object.fromEntries(names.map((name) => [name, numberIn(body, name, LIMITS[name])])) as unknown as Limits
}
