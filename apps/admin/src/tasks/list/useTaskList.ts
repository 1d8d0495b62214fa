import { useQuery } from '@pinia/colada'
import type { ApiError } from '@qimeng/contract/client'
import type { TaskRow } from '@qimeng/contract/tasks'
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useCall } from '../../api.ts'
import { confirmed } from '../../ui/confirm.ts'
import { showDone } from '../../ui/problems.ts'
import { useAction } from '../../ui/useAction.ts'
import { usePolling } from '../../ui/usePolling.ts'
import type { TaskFilters } from './listUrl.ts'
import { readFilters, toListQuery, writeFilters } from './listUrl.ts'

/** The list the address describes; changing a filter changes the address. */
export function useTaskList() {
  const call = useCall()
  const route = useRoute()
  const router = useRouter()
  const filters = computed(() => readFilters(route.query))

  const list = useQuery({
    key: () => ['tasks', 'list', writeFilters(filters.value) as Record<string, string>],
    query: ({ signal }) => call('GET /api/console/tasks', { query: toListQuery(filters.value), signal }),
    // The last page stays until the next has come, so that nothing jumps.
    placeholderData: (previous) => previous,
  })
  usePolling(() => list.refetch(), 10_000)

  /** A changed filter starts at the first page again. Back undoes it: a search as a whole, in however many pieces it came. */
  function filter(change: Partial<TaskFilters>): void {
    const typing = Boolean(filters.value.keyword && change.keyword)
    const query = writeFilters({ ...filters.value, cursor: undefined, ...change })
    void (typing ? router.replace({ query }) : router.push({ query }))
  }

  async function goTo(cursor: string | null): Promise<void> {
    await router.push({ query: writeFilters({ ...filters.value, cursor: cursor ?? undefined }) })
    // The pager stands below the rows, and the next page is read from its first one.
    scrollTo({ top: 0 })
  }

  const removal = useAction(async (task: TaskRow) => {
    const text = `确定删除任务「${task.name}」吗？还没有推送的内容将不再推送，已经提交的执行凭证会保留。`
    if (!(await confirmed('删除任务', text, '删除'))) return
    await call('DELETE /api/console/tasks/:taskId', { params: { taskId: task.id } })
    showDone(`已删除任务「${task.name}」`)
    await list.refetch()
  })

  return {
    filters,
    page: list.data,
    error: computed(() => list.error.value as ApiError | null),
    loading: list.isLoading,
    /** The rows on screen are those of the last question, while the answer to this one is on its way. */
    waiting: list.isPlaceholderData,
    retry: () => list.refetch(),
    filter,
    goTo,
    removal,
  }
}
