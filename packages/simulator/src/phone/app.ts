import express, { type NextFunction, type Request, type Response, type Router } from 'express'
import { findMedia } from '../api/media.ts'
import { memberEvent } from '../callbacks/events.ts'
import { noticePage } from '../pages/notice.ts'
import type { Person } from '../state/people.ts'
import { readSettings, type State } from '../state/state.ts'
import { html } from '../pages/html.ts'
import { phoneActions } from './actions.ts'
import { bridgeScript } from './bridge.ts'
import { phoneOwner } from './hosts.ts'
import { markRead } from './inbox.ts'
import { conversationPage, messagesPage } from './messages-page.ts'
import { momentsPage } from './moments-page.ts'
import { albumPage, browserPage, mePage, workbenchPage } from './pages.ts'
import { proxyToApp } from './proxy.ts'

/**
 * One phone's whole origin: its own screens under /__phone, the OAuth page (mounted before this), and every other path is
 * the app, seen through this phone's in-app browser.
 */
export function phoneApp(state: State): Router {
  const router = express.Router()
  router.use((request, response, next) => knownOwner(state, request, response, next))

  const screens = express.Router()
  const screen = (path: string, draw: (person: Person, request: Request) => string) =>
    screens.get(path, (request, response) => {
      response.set('Cache-Control', 'no-store').send(draw(ownerOf(request), request))
    })
  screens.get('/', (_request, response) => response.redirect('/__phone/messages'))
  screen('/messages', (person) => messagesPage(state, person))
  screen('/messages/assistant', (person, { headers }) => {
    markRead(state, person.userid)
    // Not when the page only draws itself anew.
    if (readSettings(state).reportEnter && headers['sec-fetch-dest'] !== 'empty')
      memberEvent(state, person.userid, 'enter_agent')
    return conversationPage(state, person)
  })
  screen('/workbench', (person) => workbenchPage(state, person))
  screen('/browser', (person, { query }) => browserPage(state, person, String(query.url)))
  screen('/moments', (person, { query }) =>
    momentsPage(state, person, query.kind === 'wechat' || query.kind === 'wecom' ? query.kind : undefined),
  )
  screen('/album', (person) => albumPage(state, person))
  screen('/me', (person) => mePage(state, person))
  screens.get('/bridge.js', (request, response) => {
    response
      .set('Cache-Control', 'no-store')
      .type('js')
      .send(bridgeScript(state, ownerOf(request)))
  })
  screens.get('/media/:id', (request, response) => {
    const media = findMedia(state, request.params.id)
    if (media) response.type(media.type).send(media.bytes)
    else response.send(noticePage('文件已过期', '临时素材只保存三天。'))
  })
  screens.use(phoneActions(state, ownerOf))
  screens.use((_request, response) => {
    response.status(404).send(noticePage('没有这一页', '手机上没有这个页面。'))
  })

  router.use('/__phone', screens)
  router.get('/favicon.ico', (_request, response) => response.redirect('/__phone/assets/logo.svg'))
  router.use((request, response) => proxyToApp(state, ownerOf(request), request, response))
  return router
}

const ownerOf = (request: Request): Person => (request as Request & { owner: Person }).owner

function knownOwner(state: State, request: Request, response: Response, next: NextFunction): void {
  const owner = phoneOwner(state, request.headers.host)
  if (owner) {
    Object.assign(request, { owner })
    next()
    return
  }
  const link = html`<a class="button" href="${state.url}/">所有手机</a>`
  response.status(404).send(noticePage('没有这台手机', '通讯录里没有这个账号的人，可能已经离职。', link))
}
