import { pino } from 'pino'
import { BadConfiguration, readConfig } from './config.ts'
import { DatabaseInUse } from './db/lock.ts'
import { ForeignDatabase } from './db/installation.ts'
import { startServer } from './start.ts'

/** What an operator can cure: one clear line each, and no stack. */
function explain(error: unknown): string | undefined {
  const { code, port, path } = error as { code?: string; port?: number; path?: string }
  if (code === 'EADDRINUSE') return `Port ${port} is taken: stop what uses it, or set PORT to another one.`
  if (code === 'EACCES' || code === 'EROFS' || code === 'SQLITE_CANTOPEN') {
    return `No permission to write ${path ?? 'the data folder'}: check DATA_DIR and who owns it.`
  }
  const known = error instanceof BadConfiguration || error instanceof DatabaseInUse || error instanceof ForeignDatabase
  return known ? error.message : undefined
}

try {
  const config = readConfig(process.env)
  const server = await startServer(config)
  server.parts.log.info({ url: config.publicUrl, port: server.port }, 'listening')
  const end = (signal: string) => {
    server.parts.log.info({ signal }, 'stopping')
    void server.stop().then(() => process.exit(0))
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
} catch (error) {
  const explanation = explain(error)
  if (explanation) process.stderr.write(`${explanation}\n`)
  else pino().fatal({ err: error }, 'the server could not start')
  process.exitCode = 1
}
