import express, { type Express } from 'express'
import { apiRouter } from './api/router.ts'
import { findMedia } from './api/media.ts'
import { controlRouter } from './control/router.ts'
import { oauthRouter } from './login/oauth.ts'
import { ssoRouter } from './login/sso.ts'
import { ASSETS } from './pages/html.ts'
import type { State } from './state/state.ts'

/** Everything this WeCom answers, top to bottom. */
export function createApp(state: State, people: number): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(ASSETS, express.static(new URL('./assets', import.meta.url).pathname, { etag: true, maxAge: 0 }))
  app.use(apiRouter(state))
  app.use(oauthRouter(state))
  app.use(ssoRouter(state))
  app.use('/__sim', controlRouter(state, people))
  app.get('/wework_pic/:id', (request, response) => {
    const media = findMedia(state, request.params.id)
    if (media) response.type(media.type).send(media.bytes)
    else response.sendStatus(404)
  })
  return app
}
