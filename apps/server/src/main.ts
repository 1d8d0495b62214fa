import { flushCompileCache } from 'node:module'
import { pino } from 'pino'
import { type Config, readConfig } from './config.ts'
import { explain } from './explain.ts'
import { createLog } from './log.ts'
import { startServer } from './start.ts'

// Database, pictures and backups hold names and screenshots: what is written is for this account alone.
process.umask(0o077)
let config: Config | undefined
try {
  config = readConfig(process.env)
  const server = await startServer(config, { log: createLog(config) })
  const { drain, publicUrl, role } = config
  server.parts.log.info({ url: publicUrl, port: server.port, role }, 'listening')
  const end = (signal: string) => {
    server.parts.log.info({ signal }, 'stopping')
    void server.stop(drain).then(() => process.exit(0))
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
  // For the next start, where NODE_COMPILE_CACHE names a folder. Now rather than at the end, which may be a kill.
  flushCompileCache()
} catch (error) {
  const explanation = explain(error, config)
  if (explanation) process.stderr.write(`${explanation}\n`)
  else pino().fatal({ err: error }, 'the server could not start')
  process.exitCode = 1
}
