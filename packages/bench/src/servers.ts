import { fork } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { closeSync, openSync } from 'node:fs'
import { openDatabase } from '../../../apps/server/src/db/open.ts'
import type { Scale } from './scale.ts'
import { ADMINISTRATORS, manyTasks, useridOf } from './tasks/data.ts'

/** The product over many tasks, in a process of its own, with sessions to ask it with. */
export async function serveTasks(scale: Scale) {
  const file = await manyTasks(scale.folder, scale)
  const people = await openSessions(file)
  const { url, ...process } = await serveFile(file)
  const listUrl = (query: Record<string, string>) => {
    const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''))
    return `${url}/api/console/tasks?${asked.toString()}`
  }
  return { file, people, url, listUrl, ...process }
}

/** The product over a database that is there. */
export const serveFile = (file: string) => start('product.process.ts', [file], `${file}.log`)

export const serveBareUpload = (folder: string) => start('uploading/bare-upload.process.ts', [folder])
export const serveBare = (file: string) => start('bare-list.process.ts', [file])

export interface Used {
  /** Milliseconds of processor time, since the start. */
  cpu: number
  /** Bytes in memory now. */
  rss: number
  /** Of the event loop's delay in ms. */
  loopP99: number
}

/** Of all administrators, each behind an address of his own; they are employees, too. */
async function openSessions(file: string): Promise<Record<string, string>[]> {
  const db = await openDatabase(`sqlite:${file}`)
  try {
    const now = Date.now()
    const people = Array.from({ length: ADMINISTRATORS }, (_, index) => ({
      userid: useridOf(index),
      tokens: { admin: newToken(), me: newToken() },
      address: `198.51.100.${index + 1}`,
    }))
    await db
      .insertInto('admins')
      .values(people.map(({ userid }) => ({ userid, addedBy: 'bench', addedAt: now })))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await db
      .insertInto('sessions')
      .values(
        people.flatMap(({ userid, tokens }) =>
          (['admin', 'me'] as const).map((audience) => ({
            ...{ tokenHash: createHash('sha256').update(tokens[audience]).digest('hex'), audience, userid },
            ...{ createdAt: now, lastSeenAt: now, expiresAt: now + 86_400_000 },
          })),
        ),
      )
      .execute()
    return people.map(({ tokens, address }) => ({
      cookie: `qimeng_admin=${tokens.admin}; qimeng_me=${tokens.me}`,
      'x-forwarded-for': address,
    }))
  } finally {
    await db.destroy()
  }
}

const newToken = () => randomBytes(32).toString('base64url')

/**
 * Such a process says its port as its first message, later what it has used when it is asked, and ends when it is told to.
 * @param log the file that takes what it prints, as a service's log does
 */
async function start(script: string, args: string[], log?: string) {
  const printed = log === undefined ? 'ignore' : openSync(log, 'w')
  // As the units of deploy/ have it. Beside the script, since the bare things have no data.
  const env = { NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/compiled'), ...process.env }
  const child = fork(join(import.meta.dirname, script), args, { env, stdio: ['ignore', printed, 'inherit', 'ipc'] })
  if (printed !== 'ignore') closeSync(printed)
  const ended = once(child, 'exit')
  const message = await Promise.race([once(child, 'message'), ended.then(() => undefined)])
  if (!message) throw new Error(`${script} ended before it listened`)
  const [{ port }] = message as [{ port: number }]
  return {
    url: `http://127.0.0.1:${port}`,
    /** What the process has used until now; `anew`: its delays are counted from here on. */
    async used({ anew = false } = {}): Promise<Used> {
      const answer = once(child, 'message')
      child.send({ anew })
      return ((await answer) as [Used])[0]
    },
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
