import { fork } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { openDatabase } from '../../../apps/server/src/db/open.ts'
import type { Scale } from './scale.ts'
import { manyTasks, useridOf } from './tasks/data.ts'

/** The product over many tasks, in a process of its own, with a session to ask it with. */
export async function serveTasks(scale: Scale) {
  const file = await manyTasks(scale.folder, scale)
  const headers = { cookie: `qimeng_admin=${await openSession(file)}` }
  const { url, stop } = await start('product.process.ts', [file])
  const listUrl = (query: Record<string, string>) => {
    const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''))
    return `${url}/api/console/tasks?${asked.toString()}`
  }
  return { file, headers, listUrl, stop }
}

export const serveBare = (file: string) => start('bare-list.process.ts', [file])

async function openSession(file: string): Promise<string> {
  const db = await openDatabase(`sqlite:${file}`)
  try {
    const token = randomBytes(32).toString('base64url')
    const now = Date.now()
    const tokenHash = createHash('sha256').update(token).digest('hex')
    const session = { tokenHash, audience: 'admin' as const, userid: useridOf(0), createdAt: now, lastSeenAt: now }
    await db
      .insertInto('sessions')
      .values({ ...session, expiresAt: now + 86_400_000 })
      .execute()
    return token
  } finally {
    await db.destroy()
  }
}

/** Such a process says its port as its first message, and ends when it is told to. */
async function start(script: string, args: string[]) {
  const child = fork(join(import.meta.dirname, script), args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const ended = once(child, 'exit')
  const message = await Promise.race([once(child, 'message'), ended.then(() => undefined)])
  if (!message) throw new Error(`${script} ended before it listened`)
  const [{ port }] = message as [{ port: number }]
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
