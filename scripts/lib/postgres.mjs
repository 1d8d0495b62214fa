import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { installFromApt, mayUseApt } from './apt.mjs'
import { step } from './run.mjs'
import { env } from './workspace.mjs'

const PACKAGE = 'postgresql'

/**
 * Makes sure of PostgreSQL's server programs, with which the tests start a cluster of their own.
 * @returns whether the tests can run on PostgreSQL as well
 */
export async function preparePostgres() {
  if (hasPostgres()) return true
  if (mayUseApt()) await step(`Installing ${PACKAGE}`, () => installFromApt([PACKAGE])).catch(report)
  if (hasPostgres()) return true
  console.log(
    'PostgreSQL NOT TESTED: it is not on this machine. Install it, or set POSTGRES_BIN to its folder of programs.',
  )
  return false
}

/** Where apps/server/src/test/postgres.ts looks, too. */
const hasPostgres = () =>
  [
    env.POSTGRES_BIN ?? '',
    ...within('/usr/lib/postgresql').map((version) => join(version, 'bin')),
    ...within('/opt/homebrew/opt').map((formula) => join(formula, 'bin')),
    ...(env.PATH ?? '').split(':'),
  ].some((place) => place !== '' && existsSync(join(place, 'initdb')))

// Not globSync: this runs before Node 24 is there.
const within = (folder) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [])

const report = (error) => console.log(error.message)
