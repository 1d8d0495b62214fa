import { statfs } from 'node:fs/promises'
import { startOfShanghaiDay } from '@qimeng/contract/time'
import { Gauge } from 'prom-client'
import type { Parts } from '../parts.ts'
import { duePushes } from '../delivery/store.ts'
import { listBackups } from './backup.ts'

/** What is looked up whenever somebody asks for the metrics. Every query goes by an index: asking is cheap. */
export function registerGauges(parts: Parts) {
  const { db, clock, config, metrics } = parts
  const gauge = <L extends string = never>(
    name: string,
    help: string,
    labelNames: L[],
    look: (gauge: Gauge<L>) => Promise<void>,
  ) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers: [metrics.registry],
      async collect() {
        this.reset()
        await look(this as unknown as Gauge<L>)
      },
    })

  gauge('moments_delivery_queue', 'Calls to WeCom that are not through', ['state'], async (calls) => {
    for (const state of ['ready', 'sending', 'blocked'] as const) {
      const { n } = await db
        .selectFrom('batches')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .where('state', '=', state)
        .executeTakeFirstOrThrow()
      calls.set({ state }, Number(n))
    }
  })
  gauge('moments_pushes_due', 'Pushes whose minute has come and that are not issued', [], async (due) =>
    due.set((await duePushes(db, clock.now())).length),
  )
  gauge('moments_messages_today', 'Messages that count against WeCom’s limit of today', [], async (used) => {
    const { people } = await db
      .selectFrom('batches')
      .select(({ fn }) => fn.sum<number | null>('people').as('people'))
      .where('attemptedAt', '>=', startOfShanghaiDay(clock.now()))
      .where('state', 'in', ['sending', 'sent', 'unknown'])
      .executeTakeFirstOrThrow()
    used.set(Number(people ?? 0))
  })
  gauge('moments_disk_free_bytes', 'Room where pictures and exports lie', [], async (free) => {
    const { bavail, bsize } = await statfs(config.dataDir)
    free.set(bavail * bsize)
  })
  const { backup } = config
  if (!backup) return
  gauge('moments_last_backup_timestamp_seconds', 'When the newest backup was taken', [], async (last) =>
    last.set(((await listBackups(backup.folder)).at(-1)?.takenAt ?? 0) / 1000),
  )
}
