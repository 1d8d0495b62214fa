import type { ApiError } from '@qimeng/contract/client'
import type { PersonRow } from '@qimeng/contract/people'
import { computed, ref, shallowRef } from 'vue'
import { useCall } from '../api.ts'

/** People fetched first and while one scrolls, and at a time when one jumps far or takes a whole department. */
const LIMIT = 100
const MOST_LIMIT = 1000

/** The people of a department, or those a keyword finds in it, page after page. */
export function usePeople() {
  const call = useCall()
  const people = shallowRef<PersonRow[]>([])
  const total = ref(0)
  const loading = ref(false)
  const error = shallowRef<ApiError>()
  /** What the rows on the screen were found by; the keyword typed last may still be on its way. */
  const shown = shallowRef<{ keyword?: string; departmentId?: number }>({})
  let next: string | null = null
  let wanted: { keyword?: string; departmentId?: number } = {}
  let latest = new AbortController()
  /** The last row somebody wants to see. */
  let needed = 0

  async function load(cursor?: string): Promise<void> {
    latest.abort()
    latest = new AbortController()
    const { signal } = latest
    loading.value = true
    error.value = undefined
    try {
      const limit = needed - people.value.length > LIMIT ? MOST_LIMIT : LIMIT
      const query = { ...wanted, cursor, limit: cursor ? limit : LIMIT }
      const page = await call('GET /api/console/people', { query, signal })
      // A later search has taken over.
      if (signal.aborted) return
      people.value = cursor ? [...people.value, ...page.rows] : page.rows
      total.value = page.total
      next = page.next
      shown.value = wanted
      loading.value = false
    } catch (failure) {
      if (signal.aborted) return
      error.value = failure as ApiError
      loading.value = false
      if (cursor === undefined) forget()
    }
  }

  /** Nobody shall take those found before for what is searched for now. */
  function forget(): void {
    people.value = []
    total.value = 0
    next = null
  }

  async function more(): Promise<void> {
    if (next !== null && !loading.value) await load(next)
  }

  return {
    people,
    /** Rows there will be: known from the first page on, so that the scrollbar does not move by itself. */
    total: computed(() => total.value),
    loading,
    error,
    shown,
    find(keyword: string, departmentId?: number): Promise<void> {
      wanted = { keyword: keyword || undefined, departmentId }
      needed = 0
      return load()
    },
    more,
    /** Loads until this row is there; who scrolls on meanwhile moves the goal. */
    async reach(index: number): Promise<void> {
      needed = index
      while (needed >= people.value.length - LIMIT / 2 && next !== null && !loading.value && !error.value) await more()
    },
    /** The page that failed, once more. */
    again: () => load(shown.value === wanted ? (next ?? undefined) : undefined),
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
