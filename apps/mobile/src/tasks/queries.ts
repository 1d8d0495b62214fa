import { useInfiniteQuery, useQuery, useQueryCache } from '@pinia/colada'
import type { MyPush } from '@qimeng/contract'
import type { ExecutionState } from '@qimeng/contract/limits'
import { computed } from 'vue'
import { call } from '../api.ts'

const PAGE_SIZE = 20
/** Signed picture links of proofs live 10 minutes: who returns to a page gets fresh ones with it. */
const STALE_AFTER_MS = 15_000

const pushKey = (pushId: string) => ['push', pushId]

/** One push as it is to be published. */
export function usePush(pushId: () => string) {
  return useQuery({
    key: () => pushKey(pushId()),
    query: ({ signal }) => call('GET /api/me/pushes/:pushId', { params: { pushId: pushId() }, signal }),
    staleTime: STALE_AFTER_MS,
  })
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
