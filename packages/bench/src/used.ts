import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Used } from './servers.ts'

/** In a server's process: answers whoever started it, see `used` in servers.ts. */
export function answerUsed() {
  // Whoever asked may have been stopped himself.
  process.once('disconnect', () => process.exit(1))
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  process.on('message', ({ anew }: { anew: boolean }) => {
    const { user, system } = process.cpuUsage()
    const used: Used = {
      cpu: (user + system) / 1000,
      rss: process.memoryUsage.rss(),
      loopP99: delay.percentile(99) / 1e6,
    }
    if (anew) delay.reset()
    process.send!(used)
  })
}
