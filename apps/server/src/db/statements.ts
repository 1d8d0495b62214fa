import type { Database, Statement } from 'better-sqlite3'

/** Lists of ids of every length make texts of their own, so there must be an end. */
const MOST = 500

/**
 * Prepares each text once and keeps the statement: preparing takes longer than most of ours run. The ones that were not used
 * for longest go first. SQLite itself prepares a kept one anew when tables have changed.
 */
export function keepPrepared(sqlite: Database): (text: string) => Statement<unknown[]> {
  const kept = new Map<string, Statement<unknown[]>>()
  return (text) => {
    const known = kept.get(text)
    // One that somebody is walking through cannot be run from its beginning.
    if (known?.busy) return sqlite.prepare(text)
    const statement = known ?? sqlite.prepare<unknown[]>(text)
    kept.delete(text)
    kept.set(text, statement)
    if (kept.size > MOST) kept.delete(kept.keys().next().value!)
    return statement
  }
}
