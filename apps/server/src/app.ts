import compression from 'compression'
import { everyEndpoint } from '@qimeng/contract'
import express, { type Express } from 'express'
import { entrance } from './auth/entrance.ts'
import { authRoutes } from './auth/routes.ts'
import { callbackRoutes } from './callbacks/routes.ts'
import { deliveryRoutes } from './delivery/routes.ts'
import { exportRoutes } from './exports/routes.ts'
import { docsRoutes } from './http/docs.ts'
import { refuseForgeries, securityHeaders } from './http/guard.ts'
import { lastAnswers } from './http/last-answers.ts'
import { describeApi } from './http/openapi.ts'
import { problems } from './http/problems.ts'
import { requestLog } from './http/requests.ts'
import { singlePageApp } from './http/static.ts'
import { imageRoutes, pictureFiles } from './images/routes.ts'
import { jssdkRoutes } from './jssdk/routes.ts'
import { linkRoutes } from './links/routes.ts'
import { messageRoutes } from './messages/routes.ts'
import { mineRoutes } from './mine/routes.ts'
import { domainFile } from './ops/domain-file.ts'
import { healthRoutes } from './ops/health.ts'
import { opsRoutes } from './ops/routes.ts'
import type { Parts } from './parts.ts'
import { peopleRoutes } from './people/routes.ts'
import { proofRoutes } from './proofs/routes.ts'
import { notFound } from './refusal.ts'
import { taskRoutes } from './tasks/routes.ts'

/** Everything the server answers, in order, top to bottom. `leaving` is aborted when it is about to stop. */
export function createApp(parts: Parts, leaving: AbortSignal): Express {
  const app = express()
  app.disable('x-powered-by')
  // Replies of the API are never stored, so nobody could ask whether his is still right. Files and pictures have their own.
  app.disable('etag')
  app.set('trust proxy', parts.config.trustProxy)
  app.use(requestLog(parts))
  app.use(securityHeaders(parts.config))

  app.use(lastAnswers(leaving))
  app.use(healthRoutes(parts, leaving))
  app.use(domainFile(parts.config))
  app.use(callbackRoutes(parts))
  app.use(compression())
  app.use(pictureFiles(parts))
  app.use('/api', refuseForgeries(parts.config), (_request, response, next) => {
    response.set('Cache-Control', 'no-store')
    next()
  })
  app.use(docsRoutes(() => describeApi(everyEndpoint)))

  app.use(authRoutes(parts))
  app.use(peopleRoutes(parts))
  app.use(imageRoutes(parts))
  app.use(linkRoutes(parts))
  app.use(jssdkRoutes(parts))
  app.use(taskRoutes(parts))
  app.use(deliveryRoutes(parts))
  app.use(proofRoutes(parts))
  app.use(mineRoutes(parts))
  app.use(exportRoutes(parts))
  app.use(messageRoutes(parts))
  app.use(opsRoutes(parts))
  app.use('/api', (_request, _response, next) => next(notFound('接口')))

  app.use('/m', singlePageApp('mobile', entrance(parts, 'me')))
  app.use('/admin', singlePageApp('admin', entrance(parts, 'admin')))
  app.get('/', (_request, response) => response.redirect('/admin/'))
  app.use((_request, _response, next) => next(notFound('页面')))
  app.use(problems(parts.log))
  return app
}
