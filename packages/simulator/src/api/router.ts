import { randomBytes } from 'node:crypto'
import express, { type Request, type Response, type Router } from 'express'
import type { State } from '../state/state.ts'
import * as agents from './agents.ts'
import { updateTemplateCard } from './card-updates.ts'
import { isFile, readBody, type Call, type Endpoint, type Reply } from './call.ts'
import * as contacts from './contacts.ts'
import { errmsg, WecomError } from './errors.ts'
import { isDown, takeFault, wait } from './faults.ts'
import { getuserinfo } from './identity.ts'
import { countCall } from './limits.ts'
import { record } from './log.ts'
import * as media from './media.ts'
import * as messages from './messages.ts'
import { agentTicket, corpTicket } from './tickets.ts'
import { checkAddress, checkToken, gettoken, revokeTokens } from './token.ts'

/** Every call this WeCom answers, below /cgi-bin. */
const ENDPOINTS: Record<string, Endpoint> = {
  gettoken,
  'auth/getuserinfo': getuserinfo,
  'agent/get': agents.agentGet,
  'department/list': contacts.departmentList,
  'department/simplelist': contacts.departmentSimplelist,
  'department/get': contacts.departmentGet,
  'user/simplelist': contacts.userSimplelist,
  'user/list': contacts.userList,
  'user/get': contacts.userGet,
  'user/list_id': contacts.userListId,
  'tag/get': contacts.tagGet,
  'message/send': messages.messageSend,
  'message/recall': messages.messageRecall,
  'message/update_template_card': updateTemplateCard,
  get_jsapi_ticket: corpTicket,
  'ticket/get': agentTicket,
  'media/upload': media.mediaUpload,
  'media/upload_attachment': media.mediaUploadAttachment,
  'media/uploadimg': media.mediaUploadImg,
  'media/get': media.mediaGet,
}

/** The cloud API: faults first, then the call, then the log; failures are HTTP 200 with an errcode (WECOM.md 0.2). */
export function apiRouter(state: State): Router {
  const router = express.Router()
  router.use('/cgi-bin', express.raw({ type: () => true, limit: '32mb' }), async (request, response) => {
    const call = readCall(request)
    // The moved clock too, so that who compares clocks finds it.
    response.set('Date', new Date(state.now()).toUTCString())
    if (isDown(state)) {
      record(state, call, null, 'down')
      request.socket.destroy()
      return
    }
    const fault = takeFault(state, call.path)
    if (fault?.delayMs) await wait(state, fault.delayMs)
    if (fault?.kind === 'drop-before') {
      record(state, call, null, 'dropped before')
      request.socket.destroy()
      return
    }
    if (fault?.kind === 'reset') {
      record(state, call, null, 'reset')
      request.socket.resetAndDestroy()
      return
    }
    if (fault?.kind === 'garbage') {
      record(state, call, null, 'garbage')
      response.type('json').send(randomBytes(64))
      return
    }
    if (fault?.kind === 'token-revoked') revokeTokens(state)
    if (fault?.kind === 'http-502') {
      record(state, call, null, 'http 502')
      response
        .status(502)
        .type('html')
        .send('<html><head><title>502 Bad Gateway</title></head><body>stgw</body></html>')
      return
    }
    const refused = fault?.kind === 'errcode' && new WecomError(fault.errcode ?? -1, fault.errmsg ?? 'system busy')
    const answer = await perform(state, call, refused || undefined)
    record(state, call, isFile(answer) ? 0 : (answer.errcode as number), fault?.kind ?? call.note)
    if (fault?.kind === 'drop-after') request.socket.destroy()
    else if (fault?.kind === 'broken-json') response.type('json').send(JSON.stringify(answer).slice(0, -2))
    else send(response, answer)
  })
  return router
}

function readCall(request: Request): Call {
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const contentType = request.headers['content-type'] ?? ''
  const query = Object.fromEntries(new URL(request.url, 'http://wecom').searchParams)
  return {
    method: request.method,
    path: request.baseUrl + request.path,
    query,
    ip: (request.ip ?? '').replace('::ffff:', ''),
    raw,
    contentType,
    note: '',
    ...readBody(raw, contentType),
  }
}

async function perform(state: State, call: Call, refused?: WecomError): Promise<Reply> {
  try {
    if (refused) throw refused
    const endpoint = ENDPOINTS[call.path.slice('/cgi-bin/'.length)]
    if (!endpoint) throw new WecomError(404, 'uri not found')
    countCall(state, call.path, call.ip)
    if (!endpoint.open) checkToken(state, call)
    if (!endpoint.open) checkAddress(state, call)
    const reply = await endpoint.handle(state, call)
    return isFile(reply) ? reply : { errcode: 0, errmsg: 'ok', ...reply }
  } catch (error) {
    if (!(error instanceof WecomError)) throw error
    const reason = error.message + (call.malformed ? '. Warning: wrong json format. ' : '')
    const text = errmsg(error.errcode, reason, call.ip, state.now())
    return { errcode: error.errcode, errmsg: text, ...error.fields }
  }
}

function send(response: Response, answer: Reply): void {
  if (isFile(answer)) {
    const filename = encodeURIComponent(answer.filename)
    response.set('Content-disposition', `attachment; filename="${filename}"`).type(answer.type).send(answer.file)
    return
  }
  response.set('error-code', String(answer.errcode))
  // Header values are Latin-1; an injected Chinese errmsg is percent-encoded there.
  response.set('error-msg', String(answer.errmsg).replace(/[^\x20-\x7e]/g, encodeURIComponent))
  response.set('content-type', 'application/json; charset=UTF-8').send(JSON.stringify(answer))
}
