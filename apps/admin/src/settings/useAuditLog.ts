import { useQuery } from '@pinia/colada'
import type { ApiError } from '@qimeng/contract/client'
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useCall } from '../api.ts'
import { type DeedFilters, readFilters, toQuery, writeFilters } from './deedsUrl.ts'

/** Fits on a screen below the rest of the page. */
const ROWS = 15

/** Who did what, page by page, the newest first; the address says which of it. */
export function useAuditLog() {
  const call = useCall()
  const route = useRoute()
  const router = useRouter()
  const filters = computed(() => readFilters(route.query))

  const list = useQuery({
    key: () => ['settings', 'audit', writeFilters(filters.value) as Record<string, string>],
    query: ({ signal }) =>
      call('GET /api/console/audit', { query: { ...toQuery(filters.value), limit: ROWS }, signal }),
    placeholderData: (previous) => previous,
  })
  const choices = useQuery({
    key: ['settings', 'audit-choices'],
    query: () => call('GET /api/console/audit/choices'),
  })

  const show = (change: Partial<DeedFilters>) =>
    void router.push({ query: writeFilters({ ...filters.value, cursor: undefined, ...change }) })
  return {
    filters,
    choices: computed(() => choices.data.value ?? { actors: [], actions: [] }),
    page: list.data,
    error: computed(() => list.error.value as ApiError | null),
    /** The rows on screen are those of the last question, while the answer to this one is on its way. */
    waiting: list.isPlaceholderData,
    reload: () => list.refetch(),
    /** A changed filter starts at the first page again. */
    filter: show,
    goTo: (cursor: string | null) => show({ cursor: cursor ?? undefined }),
  }
}
