import { statfs } from 'node:fs/promises'
import { Router } from 'express'
import { BlobsUnavailable } from '../blobs/blobs.ts'
import { migrationState } from '../db/migrate.ts'
import type { Db, Parts } from '../parts.ts'

/**
 * For whatever watches this process. /livez: the event loop turns; restart it when it does not. /readyz: requests can be
 * served. WeCom being out of reach is no reason to take us out of service: all that is here can still be read. A process
 * that is about to stop says so first, while it still answers everything else.
 */
export function healthRoutes(parts: Parts, leaving: AbortSignal): Router {
  // Exactly these: proxies that keep them inside (deploy/) would not know them by /READYZ or /readyz/.
  const router = Router({ caseSensitive: true, strict: true })
  router.get('/livez', (_request, response) => void response.json({ status: 'alive' }))
  const ask = shared(FRESH, () => findTrouble(parts))
  router.get('/readyz', async (_request, response) => {
    if (leaving.aborted) return void response.status(503).json({ status: 'leaving' })
    const trouble = await ask()
    response.status(trouble ? 503 : 200).json(trouble ?? { status: 'ready' })
  })
  return router
}

/**
 * How long (ms) an answer stands: whoever reaches the port may ask, and asking takes the database's write lock and a call to
 * the store of pictures.
 */
const FRESH = 1000

/** Everybody who asks while the answer is being found, or within `ms` after that, gets the same one. */
function shared<Answer>(ms: number, find: () => Promise<Answer>): () => Promise<Answer> {
  let answer: Promise<Answer> | undefined
  return () => {
    if (!answer) {
      answer = find()
      void answer.then(() => setTimeout(() => (answer = undefined), ms).unref())
    }
    return answer
  }
}

/** The first check that fails, as the answer says it. */
async function findTrouble(parts: Parts): Promise<{ status: string; reason?: string } | undefined> {
  for (const [name, check] of Object.entries(CHECKS)) {
    const failure = await check(parts).catch((error: unknown) => error)
    if (failure === undefined) continue
    parts.log.warn({ err: failure, check: name }, 'not ready')
    return { status: name, ...(failure instanceof BlobsUnavailable ? { reason: failure.trouble } : {}) }
  }
  return undefined
}

/** Less (bytes) than the database needs to go on writing. */
const NO_SPACE = 16 * 1024 ** 2

/** Each resolves to nothing, or to what is wrong. */
const CHECKS: Record<string, (parts: Parts) => Promise<unknown>> = {
  database: ({ db }) => writeNothing(db),
  async schema({ db }) {
    const { pending } = await migrationState(db)
    return pending.length > 0 ? new Error(`missing: ${pending.join(', ')}`) : undefined
  },
  // Nothing lies there, and a store that can say so can be asked for pictures.
  blobs: async ({ blobs }) => (await blobs.get('checks/ready')) && new Error('checks/ready is not ours'),
  async disk({ config }) {
    const { bavail, bsize } = await statfs(config.dataDir)
    return bavail * bsize < NO_SPACE ? new Error(`no room left in ${config.dataDir}`) : undefined
  },
}

/** Takes the write lock, writes nothing and lets go: fails on a lock held by another. */
async function writeNothing(db: Db): Promise<undefined> {
  const trx = await db.startTransaction().execute()
  try {
    await trx.selectFrom('installation').select('id').executeTakeFirstOrThrow()
  } finally {
    await trx.rollback().execute()
  }
}
