/** For those who start a server in a process of their own: scripts, benchmarks, tests. */
export { readConfig } from './config.ts'
export { startServer, type Overrides, type RunningServer } from './start.ts'
