import express, { type Router } from 'express'
import { noticePage } from '../pages/notice.ts'
import { html } from '../pages/html.ts'
import { toPhone } from '../phone/origin.ts'
import { phoneOrigin, phoneOwner } from '../phone/hosts.ts'
import { issueCode } from '../state/codes.ts'
import type { State } from '../state/state.ts'
import { redirectTarget, refusal } from './redirect.ts'

/**
 * Mobile OAuth (WECOM.md 2.1). Asked on a phone's origin it answers at once for that phone's person; the way back is the
 * app as this phone sees it. Anywhere else it is an ordinary browser, which WeCom turns away.
 */
export function oauthRouter(state: State): Router {
  const router = express.Router()
  router.get('/connect/oauth2/authorize', (request, response) => {
    const query = new URL(request.url, state.url).searchParams
    const refused = refusal(state, query) ?? wrongParameters(query)
    if (refused) {
      response.send(noticePage('无法打开页面', `${refused.text}（errcode ${refused.errcode}）`))
      return
    }
    const person = phoneOwner(state, request.headers.host)
    if (!person) {
      const link = html`<a class="button" href="${state.url}/">打开模拟手机</a>`
      response.send(
        noticePage('请在企业微信客户端打开链接', '这个链接要在某位员工的手机里打开，才知道是谁在登录。', link),
      )
      return
    }
    const target = redirectTarget(query, issueCode(state, person.userid))
    response.redirect(toPhone(target, state, phoneOrigin(state, person)))
  })
  return router
}

function wrongParameters(query: URLSearchParams) {
  if (query.get('response_type') !== 'code') return { errcode: 40058, text: '参数错误：response_type 须为 code' }
  const scope = query.get('scope')
  if (scope === 'snsapi_base') return undefined
  if (scope === 'snsapi_privateinfo' && query.get('agentid')) return undefined
  return { errcode: 40058, text: '参数错误：scope' }
}
