import { Router } from 'express'
import { docsPage } from './docs-page.ts'
import type { describeApi } from './openapi.ts'

/**
 * The API for people who write their own client. Anybody may read it, so each form is made once, when somebody first asks: the
 * page takes ten times the work of any other request.
 */
export function docsRoutes(describe: () => ReturnType<typeof describeApi>): Router {
  const router = Router()
  const description = once(describe)
  const json = once(() => Buffer.from(JSON.stringify(description())))
  const page = once(() => Buffer.from(docsPage(description())))
  router.get('/api/openapi.json', (_request, response) => void response.type('json').send(json()))
  router.get('/api/docs', (_request, response) => void response.type('html').send(page()))
  return router
}

function once<Result extends object>(make: () => Result): () => Result {
  let made: Result | undefined
  return () => (made ??= make())
}
