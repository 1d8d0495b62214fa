import express from 'express'
import { problems } from '../http/problems.ts'
import type { AdminCaller, World } from '../test/world.ts'
import { linkRoutes } from './routes.ts'
import { openSite } from './sites.fixture.ts'
import { publicWeb, type WebOptions } from './web.ts'

/** Of a preview, or of what is said instead. */
export interface Answer {
  status: number
  headers: Record<string, unknown>
  ms: number
  title?: string
  description?: string
  cover?: { id: string; width: number; height: number; full: string } | null
  message?: string
  issues?: object[]
}

/** The feature over HTTP, with this world's database and sessions; what it may visit is in the options. Nobody has asked yet. */
export async function openPreviews(world: World, options: WebOptions = {}) {
  await world.parts.db.deleteFrom('rateLimits').execute()
  const routes = linkRoutes(world.parts, publicWeb(options))
  const site = await openSite(express().use(express.json(), routes, problems(world.parts.log)), '127.0.0.1')
  return {
    async preview({ browser }: AdminCaller, url: string): Promise<Answer> {
      const Cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
      const begun = performance.now()
      const { status, headers, data } = await browser.http.post<object>(
        `http://127.0.0.1:${site.port}/api/console/links/preview`,
        { url },
        { headers: { Cookie }, validateStatus: null },
      )
      return { status, headers, ms: performance.now() - begun, ...data }
    },
    close: () => site.close(),
  }
}
