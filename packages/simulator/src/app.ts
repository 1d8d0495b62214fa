import express, { type Express } from 'express'
import { apiRouter } from './api/router.ts'
import { findMedia } from './api/media.ts'
import { controlRouter } from './control/router.ts'
import { oauthRouter } from './login/oauth.ts'
import { ssoRouter } from './login/sso.ts'
import { ASSETS } from './pages/html.ts'
import { indexPage } from './pages/index-page.ts'
import { noticePage } from './pages/notice.ts'
import { phoneApp } from './phone/app.ts'
import { isPhoneHost } from './phone/hosts.ts'
import type { State } from './state/state.ts'

/** Everything this WeCom answers, top to bottom. */
export function createApp(state: State, people: number): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(ASSETS, express.static(new URL('./assets', import.meta.url).pathname, { etag: true, maxAge: 0 }))
  app.use(oauthRouter(state))
  const phones = phoneApp(state)
  app.use((request, response, next) => (isPhoneHost(request.headers.host) ? phones(request, response, next) : next()))

  app.get('/', (request, response) => {
    const words = typeof request.query.q === 'string' ? request.query.q : ''
    response.send(indexPage(state, words))
  })
  app.get('/favicon.ico', (_request, response) => response.redirect(`${ASSETS}/logo.svg`))
  app.use(apiRouter(state))
  app.use(ssoRouter(state))
  app.use('/__sim', controlRouter(state, people))
  app.get('/wework_pic/:id', (request, response) => {
    const media = findMedia(state, request.params.id)
    if (media) response.type(media.type).send(media.bytes)
    else response.sendStatus(404)
  })
  app.use((_request, response) => {
    response.status(404).send(noticePage('没有这一页', '企业微信模拟器没有这个地址。'))
  })
  return app
}
