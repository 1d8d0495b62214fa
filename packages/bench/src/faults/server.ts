// A server as an operator runs it, in a process of its own, but one that dies where it is told (SIGKILL, by its own hand:
// nothing is closed, flushed or said) and whose clock can be moved. Its parent gives orders by the environment and, while
// it runs, by messages.
import { flushCompileCache } from 'node:module'
import { type KillPoint, readConfig, startServer } from '@qimeng/server'
import { attachable } from '../../../../apps/server/src/test/clock.ts'
import type { Orders, Passage } from './process.ts'

const orders = JSON.parse(process.env.FAULT_ORDERS ?? '{}') as Orders
const now = () => Date.now() + offset
let offset = orders.clockOffset ?? 0
let passes = 0

const reached = (point: KillPoint) => {
  if (orders.tells) process.send?.({ point, at: performance.now() } satisfies Passage)
  if (point !== orders.killAt || (passes += 1) < (orders.killAtPass ?? 1)) return
  process.kill(process.pid, 'SIGKILL')
}

// Whoever gives the orders may go without another word, as when a scenario breaks beside others: nobody else would end it.
const end = () => process.kill(process.pid, 'SIGKILL')
process.on('disconnect', end)
if (!process.connected) end()

const config = readConfig(process.env)
const wecom = { ...config.wecom, timeoutMs: orders.callTimeoutMs ?? 10_000 }
await startServer(
  { ...config, wecom },
  {
    clock: orders.tellsPostgres ? attachable(now) : { now },
    reached,
    jobs: {
      leaseMs: orders.leaseMs ?? 30_000,
      ...(orders.workers ? { lanes: { 'card.send': orders.workers, 'card.rest': orders.workers } } : {}),
    },
  },
)
process.on('message', (message: { clockOffset: number }) => void (offset = message.clockOffset))
process.send?.({ ready: true })
// Node keeps what it has compiled when a process ends, but these are killed: each would compile the whole server anew.
flushCompileCache()
