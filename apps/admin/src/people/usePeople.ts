import type { ApiError } from '@qimeng/contract/client'
import type { PersonRow } from '@qimeng/contract/people'
import { ref, shallowRef } from 'vue'
import { useCall } from '../api.ts'

/** People fetched at a time while one scrolls, and when a whole department is taken. */
const LIMIT = 50
const MOST_LIMIT = 1000

/** The people of a department, or those a keyword finds in it, page after page. */
export function usePeople() {
  const call = useCall()
  const people = shallowRef<PersonRow[]>([])
  const total = ref(0)
  const loading = ref(false)
  const error = shallowRef<ApiError>()
  let next: string | null = null
  let wanted: { keyword?: string; departmentId?: number } = {}
  let latest = new AbortController()

  async function load(cursor?: string): Promise<void> {
    latest.abort()
    latest = new AbortController()
    const { signal } = latest
    loading.value = true
    error.value = undefined
    try {
      const query = { ...wanted, cursor, limit: LIMIT }
      const page = await call('GET /api/console/people', { query, signal })
      people.value = cursor ? [...people.value, ...page.rows] : page.rows
      total.value = page.total
      next = page.next
      loading.value = false
    } catch (failure) {
      // A later search has taken over.
      if (signal.aborted) return
      error.value = failure as ApiError
      loading.value = false
    }
  }

  return {
    people,
    total,
    loading,
    error,
    find(keyword: string, departmentId?: number): Promise<void> {
      wanted = { keyword: keyword || undefined, departmentId }
      return load()
    },
    async more(): Promise<void> {
      if (next !== null && !loading.value) await load(next)
    },
    again: () => load(),
    /** Everybody in a department and below it. */
    async everybody(departmentId: number): Promise<PersonRow[]> {
      const found: PersonRow[] = []
      let cursor: string | undefined
      do {
        const query = { departmentId, cursor, limit: MOST_LIMIT }
        const page = await call('GET /api/console/people', { query })
        found.push(...page.rows)
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      return found
    },
  }
}
