import express, { type Router } from 'express'
import { noticePage } from '../pages/notice.ts'
import { issueCode } from '../state/codes.ts'
import { findPerson, searchPeople } from '../state/people.ts'
import type { State } from '../state/state.ts'
import { redirectTarget, refusal } from './redirect.ts'
import { ssoPage } from './sso-page.ts'

const LISTED = 60

/** Desktop login (WECOM.md 2.4). In place of a camera one picks whose phone scans the code. */
export function ssoRouter(state: State): Router {
  const router = express.Router()
  router.use('/wwlogin/sso', (request, response, next) => {
    const query = new URL(request.url, state.url).searchParams
    const refused = refusal(state, query) ?? wrongParameters(state, query)
    if (refused) response.send(noticePage('无法登录', `${refused.text}（errcode ${refused.errcode}）`))
    else next()
  })
  router.get('/wwlogin/sso/login', (request, response) => {
    const query = new URL(request.url, state.url).searchParams
    const words = query.get('q') ?? ''
    response.send(ssoPage(state, query, words, searchPeople(state, words, LISTED)))
  })
  router.get('/wwlogin/sso/confirm', (request, response) => {
    const query = new URL(request.url, state.url).searchParams
    const person = findPerson(state, query.get('userid') ?? '')
    if (!person) response.send(noticePage('无法登录', '通讯录里没有这个人。'))
    else response.redirect(redirectTarget(query, issueCode(state, person.userid)))
  })
  router.get('/wwlogin/sso/refuse', (request, response) => {
    response.redirect(redirectTarget(new URL(request.url, state.url).searchParams, undefined))
  })
  return router
}

function wrongParameters(state: State, query: URLSearchParams) {
  if (query.get('login_type') !== 'CorpApp') return { errcode: 40058, text: '参数错误：login_type 须为 CorpApp' }
  if (query.get('agentid') !== String(state.corp.agentId))
    return { errcode: 40056, text: '参数错误：agentid 不是本应用' }
  return undefined
}
