import { useInfiniteQuery, useQuery, useQueryCache } from '@pinia/colada'
import type { MyPush } from '@qimeng/contract'
import type { ExecutionState } from '@qimeng/contract/limits'
import { computed, onScopeDispose } from 'vue'
import { call } from '../api.ts'

const PAGE_SIZE = 20
/** Who returns to a page gets what is new, and fresh picture links with it. */
const STALE_AFTER_MS = 15_000
/** Signed links of proofs live 10 minutes: a page left open gets new ones in time. */
const LINKS_RENEWED_MS = 4 * 60_000

const pushKey = (pushId: string) => ['push', pushId]

/** One push as it is to be published. */
export function usePush(pushId: () => string) {
  const query = useQuery({
    key: () => pushKey(pushId()),
    query: ({ signal }) => call('GET /api/me/pushes/:pushId', { params: { pushId: pushId() }, signal }),
    staleTime: STALE_AFTER_MS,
  })
  const timer = setInterval(() => document.hidden || query.refresh(), LINKS_RENEWED_MS)
  onScopeDispose(() => clearInterval(timer))
  return query
}

/** My list 待执行 or 已执行, page by page. */
export function useExecutions(state: ExecutionState) {
  const query = useInfiniteQuery({
    key: ['executions', state],
    query: ({ pageParam, signal }) =>
      call('GET /api/me/executions', {
        query: { state, limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    staleTime: STALE_AFTER_MS,
  })
  const rows = computed(() => query.data.value?.pages.flatMap((page) => page.rows))
  const total = computed(() => query.data.value?.pages[0]?.total)
  return { ...query, rows, total }
}

/** After a proof went in: the push is as the server answered, and the lists have moved. */
export function usePushSettled() {
  const cache = useQueryCache()
  return (push: MyPush) => {
    cache.setQueryData(pushKey(push.pushId), push)
    return cache.invalidateQueries({ key: ['executions'] })
  }
}
