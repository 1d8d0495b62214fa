/** For those who start a server in a process of their own: scripts, benchmarks, tests. */
export { readConfig } from './config.ts'
export { createLog } from './log.ts'
export type { KillPoint } from './parts.ts'
export { startServer, type Overrides, type RunningServer } from './start.ts'
