import { Router } from 'express'
import type { Db, Parts } from '../parts.ts'

/**
 * For whatever watches this process. /livez: the event loop turns; restart it when it does not. /readyz: requests can be
 * served. WeCom being out of reach is no reason to take us out of service: all that is here can still be read.
 */
export function healthRoutes(parts: Parts): Router {
  const router = Router()
  router.get('/livez', (_request, response) => void response.json({ status: 'alive' }))
  router.get('/readyz', async (_request, response) => {
    const failure = await writeNothing(parts.db).catch((error: unknown) => error)
    if (failure === undefined) return void response.json({ status: 'ready' })
    parts.log.warn({ err: failure }, 'not ready: the database cannot be written')
    response.status(503).json({ status: 'database' })
  })
  return router
}

/** Takes the write lock, writes nothing and lets go: fails on a missing migration or on a lock held by another. */
async function writeNothing(db: Db): Promise<undefined> {
  const trx = await db.startTransaction().execute()
  try {
    await trx.selectFrom('installation').select('id').executeTakeFirstOrThrow()
  } finally {
    await trx.rollback().execute()
  }
}
