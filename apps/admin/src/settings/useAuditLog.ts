import { useQuery } from '@pinia/colada'
import type { ApiError } from '@qimeng/contract/client'
import { computed, ref } from 'vue'
import { useCall } from '../api.ts'

/** Fits on a screen below the rest of the page. */
const ROWS = 15

/** Who did what, page by page, the newest first. */
export function useAuditLog() {
  const call = useCall()
  const cursor = ref<string>()
  const list = useQuery({
    key: () => ['settings', 'audit', cursor.value ?? ''],
    query: ({ signal }) => call('GET /api/console/audit', { query: { cursor: cursor.value, limit: ROWS }, signal }),
    placeholderData: (previous) => previous,
  })
  return {
    page: list.data,
    error: computed(() => list.error.value as ApiError | null),
    reload: () => list.refetch(),
    goTo: (to: string | null) => void (cursor.value = to ?? undefined),
  }
}
