import { fork } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { openDatabase } from '../../../apps/server/src/db/open.ts'
import type { Scale } from './scale.ts'
import { ADMINISTRATORS, manyTasks, useridOf } from './tasks/data.ts'

/** The product over many tasks, in a process of its own, with sessions to ask it with. */
export async function serveTasks(scale: Scale) {
  const file = await manyTasks(scale.folder, scale)
  const people = await openSessions(file)
  const { url, stop } = await start('product.process.ts', [file])
  const listUrl = (query: Record<string, string>) => {
    const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''))
    return `${url}/api/console/tasks?${asked.toString()}`
  }
  return { file, people, listUrl, stop }
}

export const serveBare = (file: string) => start('bare-list.process.ts', [file])

/** Of all administrators, each behind an address of his own. */
async function openSessions(file: string): Promise<Record<string, string>[]> {
  const db = await openDatabase(`sqlite:${file}`)
  try {
    const now = Date.now()
    const people = Array.from({ length: ADMINISTRATORS }, (_, index) => ({
      userid: useridOf(index),
      token: randomBytes(32).toString('base64url'),
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
        people.map(({ userid, token }) => ({
          ...{ tokenHash: createHash('sha256').update(token).digest('hex'), audience: 'admin' as const, userid },
          ...{ createdAt: now, lastSeenAt: now, expiresAt: now + 86_400_000 },
        })),
      )
      .execute()
    return people.map(({ token, address }) => ({ cookie: `qimeng_admin=${token}`, 'x-forwarded-for': address }))
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
