/** Bound values per statement: SQLite ends at 32,766, PostgreSQL at 65,535, and short lists are planned faster. */
const CHUNK = 500

export function* chunks<T>(items: Iterable<T>, size = CHUNK): Generator<T[]> {
  const all = [...items]
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size)
}
