import { resolve } from 'node:path'

const SCHEME = 'sqlite:'

/** The file that DATABASE_URL names; undefined when the database is no file. */
export const sqliteFile = (url: string): string | undefined =>
  url.startsWith(SCHEME) ? resolve(url.slice(SCHEME.length)) : undefined
