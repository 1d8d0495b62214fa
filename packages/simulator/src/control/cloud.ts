import type { Router } from 'express'
import { addFault, clearFaults, listFaults, type Fault } from '../api/faults.ts'
import { listCalls } from '../api/log.ts'
import { revokeTokens } from '../api/token.ts'
import { issueCode } from '../state/codes.ts'
import { readSettings, writeSettings, type Settings, type State } from '../state/state.ts'
import { numberIn, oneOf, personAt, textIn } from './input.ts'

const KINDS = ['errcode', 'delay', 'drop-before', 'drop-after', 'http-502', 'broken-json'] as const

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
    } else {
      const fault: Fault = {
        path: textIn(body, 'path'),
        kind: oneOf(body.kind, KINDS, 'kind'),
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
    response.json(writeSettings(state, change))
  })

  /** A login code without a browser: what OAuth or the login page would have put into the redirect. */
  router.post('/codes', (request, response) => {
    const person = personAt(state, (request.body as Record<string, unknown>).userid)
    response.json({ code: issueCode(state, person.userid) })
  })
}
