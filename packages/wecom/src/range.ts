import { setTimeout as sleep } from 'node:timers/promises'
import type { WecomClient } from './client.ts'
import {
  getAgent,
  getDepartmentName,
  getTag,
  getUser,
  listDepartments,
  listDepartmentMembers,
  type DepartmentNode,
  type MemberSummary,
} from './contacts.ts'
import { WecomError, WecomUnreachable } from './errors.ts'

export interface VisibleDepartment extends DepartmentNode {
  name: string
}

export interface VisibleRange {
  departments: VisibleDepartment[]
  members: MemberSummary[]
}

export interface ReadRangeOptions {
  /** Calls at once. 8 at WeCom's usual 50–100 ms stay below its 10,000 a minute for each endpoint, and below 45033. */
  concurrency?: number
  /** Waits before another try of a call, in milliseconds; the last outlasts WeCom's minute of blocking (45009). */
  pauses?: readonly number[]
  /** Ends the reading at once, also in the middle of a pause or of a call: a server that stops does not wait for it. */
  signal?: AbortSignal
}

// WECOM.md 8: a department, member or tag taken away while we read.
const GONE = new Set([40068, 60003, 60111, 60123])

/**
 * Everybody who can see and open the app, and the departments they are seen in, by the recipe in WECOM.md 8. Either all of it or
 * an error: nobody may be taken for gone because a call failed.
 */
export async function readVisibleRange(
  client: WecomClient,
  { concurrency = 8, pauses = [1_000, 5_000, 65_000], signal }: ReadRangeOptions = {},
): Promise<VisibleRange> {
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  aborted.catch(() => {})

  /** Reading is harmless to repeat, and one busy moment must not throw an hour of reading away. */
  const patiently = async <T>(read: () => Promise<T>): Promise<T> => {
    for (const pause of pauses) {
      signal?.throwIfAborted()
      try {
        return await Promise.race([read(), aborted])
      } catch (error) {
        if (!isPassing(error)) throw error
        await sleep(pause, undefined, { signal })
      }
    }
    return Promise.race([read(), aborted])
  }

  const each = <T, R extends object>(items: Iterable<T>, read: (item: T) => Promise<R>): Promise<R[]> =>
    mapLimited([...items], concurrency, (item) => unlessGone(() => patiently(() => read(item))))

  const { visible } = await patiently(() => getAgent(client))
  const tags = await each(visible.tagIds, (id) => getTag(client, id))
  const roots = new Set([...visible.departmentIds, ...tags.flatMap((tag) => tag.departmentIds)])

  const nodes = new Map<number, DepartmentNode>()
  const trees = await each(roots, (id) => listDepartments(client, id))
  for (const node of trees.flat()) nodes.set(node.id, node)

  const departments = await each(nodes.values(), async (node) => ({
    ...node,
    name: await getDepartmentName(client, node.id),
  }))

  const members = new Map<string, MemberSummary>()
  const add = (member: MemberSummary): void => {
    const id = member.userid.toLowerCase()
    // A list of names alone does not know of it.
    if (members.get(id)?.active !== false) members.set(id, member)
  }
  for (const list of await each(nodes.keys(), (id) => listDepartmentMembers(client, id))) list.forEach(add)

  const named = new Set([...visible.userIds, ...tags.flatMap((tag) => tag.userIds)])
  const single = [...named].filter((userid) => !members.has(userid.toLowerCase()))
  for (const member of await each(single, (userid) => getUser(client, userid))) add(member)

  return { departments, members: [...members.values()].filter(({ active }) => active) }
}

function isPassing(error: unknown): boolean {
  return error instanceof WecomUnreachable || (error instanceof WecomError && error.kind === 'retry')
}

async function unlessGone<R extends object>(read: () => Promise<R>): Promise<R | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof WecomError && GONE.has(error.errcode)) return undefined
    throw error
  }
}

/** Maps with `limit` calls at a time, drops what is gone, and begins nothing more once one has failed. */
async function mapLimited<T, R extends object>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R | undefined>,
): Promise<R[]> {
  const results: (R | undefined)[] = []
  // A generator, shared by all workers: the first error that leaves its loop closes it for the others too.
  const queue = (function* () {
    yield* items.entries()
  })()
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: limit }, worker))
  return results.filter((result) => result !== undefined)
}
