import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Kysely } from 'kysely'
import { copyDatabase } from './copy-thread.ts'
import { migrate, migrationState } from './migrate.ts'
import type { Database } from './schema.ts'
import { sqliteFile } from './sqlite-file.ts'

/** How many copies from before an upgrade are kept. */
const COPIES_KEPT = 2

/**
 * Brings the schema up to date. An SQLite file with something in it is copied first, to `<file>.before-<migration>`: what
 * one goes back to together with the earlier release.
 * @returns the names of the migrations that ran
 */
export async function upgrade(db: Kysely<Database>, url: string, now: number): Promise<string[]> {
  const file = sqliteFile(url)
  const { done, pending } = await migrationState(db)
  if (file !== undefined && done.length > 0 && pending.length > 0) {
    await copyDatabase({ from: file, to: `${file}.before-${pending[0]}`, takenAt: now })
    await dropOldCopies(file)
  }
  return migrate(db)
}

/** Migrations are numbered, so the names of their copies sort by age. */
async function dropOldCopies(file: string) {
  const copies = (await readdir(dirname(file))).filter((name) => name.startsWith(`${basename(file)}.before-0`)).sort()
  for (const name of copies.slice(0, -COPIES_KEPT)) await rm(join(dirname(file), name))
}
