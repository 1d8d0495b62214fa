import { BlobsUnavailable } from './blobs/blobs.ts'
import { BadConfiguration, type Config } from './config.ts'
import { ForeignDatabase } from './db/installation.ts'
import { DatabaseInUse } from './db/lock.ts'
import { InstallationMoved } from './db/moved.ts'
import { DatabaseUnreachable } from './db/unreachable.ts'

/** An operator asks for what cannot be done; the message says why, and what to do instead. */
export class OperatorError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'OperatorError'
  }
}

const SPEAK_FOR_THEMSELVES = [
  BadConfiguration,
  BlobsUnavailable,
  DatabaseInUse,
  DatabaseUnreachable,
  ForeignDatabase,
  InstallationMoved,
  OperatorError,
]

interface SystemError {
  code?: string
  syscall?: string
  path?: string
  cause?: unknown
}

/**
 * What an operator can cure, when the server does not start: one clear line each, and no stack.
 * @returns undefined for everything else
 */
export function explain(error: unknown, config?: Pick<Config, 'port' | 'host' | 'databaseUrl'>): string | undefined {
  if (SPEAK_FOR_THEMSELVES.some((kind) => error instanceof kind)) return (error as Error).message
  const { code = '', syscall, path, cause } = error as SystemError
  if (code === 'EADDRINUSE') return `Port ${config?.port} is taken: stop what uses it, or set PORT to another one.`
  if (code === 'EADDRNOTAVAIL' || syscall === 'getaddrinfo') {
    return `HOST ${config?.host} is no address of this machine: set it to one that is, e.g. 127.0.0.1 or 0.0.0.0.`
  }
  if (code === 'EACCES' && syscall === 'listen') {
    return `No permission to listen on port ${config?.port}: ports below 1024 are for root. Set PORT to a higher one.`
  }
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    return `${path ?? 'The data folder'} is no folder: set DATA_DIR to one, or to where one can be made.`
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'SQLITE_CANTOPEN') {
    return `No permission to write ${path ?? 'the data folder'}: check DATA_DIR and who owns it.`
  }
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL') {
    return `No room is left${path === undefined ? '' : ` for ${path}`}: make some, or choose another disk.`
  }
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return `${config?.databaseUrl.replace(/^sqlite:/, '')} is damaged or no SQLite database: put back a backup of it.`
  }
  return cause === undefined ? undefined : explain(cause, config)
}
