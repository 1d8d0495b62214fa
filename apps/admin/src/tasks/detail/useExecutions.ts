import { useQuery } from '@pinia/colada'
import type { ApiError } from '@qimeng/contract/client'
import type { ExecutionState } from '@qimeng/contract/limits'
import { computed, ref } from 'vue'
import { useCall } from '../../api.ts'
import { requestKey } from '../../ui/requestKey.ts'
import { useAction } from '../../ui/useAction.ts'
import { usePolling } from '../../ui/usePolling.ts'
import { everybodyIn } from './everybody.ts'
import { useDetailView } from './useDetailView.ts'
import { REFRESH } from './useTask.ts'

/** The list 待执行 or 已执行 of a push as the address filters it, always fresh, and its export. */
export function useExecutions(pushId: string, state: ExecutionState) {
  const call = useCall()
  const { view, show } = useDetailView()
  const filter = computed(() => ({
    state,
    keyword: view.value.keyword || undefined,
    departmentId: view.value.department,
  }))
  const filtered = computed(() => Boolean(view.value.keyword) || view.value.department !== undefined)

  const list = useQuery({
    key: () => ['executions', pushId, state, JSON.stringify(filter.value), view.value.cursor ?? ''],
    query: async ({ signal }) => {
      const query = { ...filter.value, cursor: view.value.cursor }
      const page = await call('GET /api/console/pushes/:pushId/executions', { params: { pushId }, query, signal })
      return { ...page, place: JSON.stringify(query) }
    },
    placeholderData: (previous) => previous,
  })
  usePolling(() => list.refetch(), REFRESH)

  const exported = ref(false)
  const exportKey = requestKey()
  const exporting = useAction(async () => {
    await call('POST /api/console/pushes/:pushId/exports', {
      params: { pushId },
      body: filter.value,
      idempotencyKey: exportKey.of(filter.value),
    })
    exportKey.answered()
    exported.value = true
  })

  return {
    view,
    show,
    filtered,
    page: list.data,
    /** Everybody the filter finds, on whatever page. */
    everybody: () => everybodyIn(call, pushId, filter.value),
    error: computed(() => list.error.value as ApiError | null),
    reload: () => list.refetch(),
    exporting,
    exported,
  }
}
