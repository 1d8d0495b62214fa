import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { type RequestHandler, Router } from 'express'
import { Refusal } from '../refusal.ts'

const APPS = fileURLToPath(new URL('../../../', import.meta.url))

/**
 * The built single-page app of apps/<name>: hashed assets for a year, the page itself always asked for anew.
 * @param entrance decides who gets the page
 */
export function singlePageApp(name: string, entrance: RequestHandler): Router {
  const dist = join(APPS, name, 'dist')
  const router = Router()
  router.use(
    '/assets',
    express.static(join(dist, 'assets'), { immutable: true, maxAge: '1y', index: false, fallthrough: false }),
  )
  // The page has one address: under its file name it would come past the entrance, and stay in caches.
  router.use((request, response, next) => (namesPage(request.path) ? response.redirect(`${request.baseUrl}/`) : next()))
  router.use(express.static(dist, { index: false, redirect: false, maxAge: '1h' }))
  router.get('/{*page}', entrance, (_request, response, next) => {
    const page = join(dist, 'index.html')
    if (!existsSync(page)) return next(new Refusal('unavailable', `页面尚未构建：请先运行 pnpm build（apps/${name}）`))
    response.set('Cache-Control', 'no-cache').sendFile(page)
  })
  return router
}

/** Whether express.static would find the page there: it decodes the path, too. */
function namesPage(path: string): boolean {
  try {
    return decodeURIComponent(path).endsWith('/index.html')
  } catch {
    return false
  }
}
