import { useQuery, useQueryCache } from '@pinia/colada'
import type { ApiError } from '@qimeng/contract/client'
import type { ExportView } from '@qimeng/contract/messages'
import { computed, ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useCall } from '../api.ts'
import { useAction } from '../ui/useAction.ts'
import { usePolling } from '../ui/usePolling.ts'
import { UNREAD_KEY } from './useUnread.ts'

/** The message centre, always fresh while it is open. */
export function useMessages() {
  const call = useCall()
  const cache = useQueryCache()
  const route = useRoute()
  const router = useRouter()
  const cursor = computed(() => (typeof route.query.cursor === 'string' ? route.query.cursor : undefined))

  const list = useQuery({
    key: () => ['messages', 'list', cursor.value ?? ''],
    query: ({ signal }) => call('GET /api/console/messages', { query: { cursor: cursor.value }, signal }),
    placeholderData: (previous) => previous,
  })
  usePolling(() => list.refetch(), 2_000)

  const refresh = () => Promise.all([list.refetch(), cache.invalidateQueries({ key: UNREAD_KEY })])
  const reading = useAction(async (ids: string[] | null) => {
    await call('POST /api/console/messages/read', { body: { ids } })
    await refresh()
  })
  /** The export whose 「重试」 was pressed, until the list knows of it. */
  const retriedId = ref<string>()
  const retrying = useAction(async ({ id }: ExportView) => {
    retriedId.value = id
    try {
      await call('POST /api/console/exports/:exportId/retry', { params: { exportId: id } })
      await refresh()
    } finally {
      retriedId.value = undefined
    }
  })

  return {
    page: list.data,
    error: computed(() => list.error.value as ApiError | null),
    reload: () => list.refetch(),
    goTo: (to: string | null) => router.push({ query: to === null ? {} : { cursor: to } }),
    reading,
    retrying,
    retriedId,
  }
}
