import type { Blobs } from '../blobs/blobs.ts'

/** A store far away takes its time for each, and many at once. */
const AT_ONCE = 8

/** Copies what is not there yet; cut off, it can be run again. Nothing is removed or replaced. */
export async function copyBlobs(from: Blobs, to: Blobs): Promise<{ copied: number; there: number }> {
  const there = new Set<string>()
  for await (const key of to.list()) there.add(key)
  const count = { copied: 0, there: 0 }
  // All of them take from the same list.
  const keys = from.list()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for await (const key of keys) {
        if (there.has(key)) count.there += 1
        else if (await copy(from, to, key)) count.copied += 1
      }
    }),
  )
  return count
}

/** False when it was deleted meanwhile. */
async function copy(from: Blobs, to: Blobs, key: string): Promise<boolean> {
  const blob = await from.get(key)
  if (!blob) return false
  try {
    await to.put(key, blob.stream)
    return true
  } finally {
    blob.stream.destroy()
  }
}
