import { useQuery } from '@pinia/colada'
import type { ApiError } from '@qimeng/contract/client'
import { computed } from 'vue'
import { useRouter } from 'vue-router'
import { useCall } from '../../api.ts'
import { confirmed } from '../../ui/confirm.ts'
import { showDone } from '../../ui/problems.ts'
import { useAction } from '../../ui/useAction.ts'
import { usePolling } from '../../ui/usePolling.ts'

/** How often (ms) an open page asks for new numbers. */
export const REFRESH = 2_500

/** One task with its counts, always fresh. */
export function useTask(taskId: string) {
  const call = useCall()
  const router = useRouter()
  const query = useQuery({
    key: ['tasks', 'view', taskId],
    query: () => call('GET /api/console/tasks/:taskId', { params: { taskId } }),
  })
  const error = computed(() => query.error.value as ApiError | null)
  /** A deleted task does not come back: nobody asks for it again. */
  const gone = computed(() => error.value?.status === 404)
  usePolling(async () => {
    if (!gone.value) await query.refetch()
  }, REFRESH)

  const removal = useAction(async () => {
    const name = query.data.value!.name
    const text = `确定删除任务「${name}」吗？还没有推送的内容将不再推送，已经提交的执行凭证会保留。`
    if (!(await confirmed('删除任务', text, '删除'))) return
    await call('DELETE /api/console/tasks/:taskId', { params: { taskId } })
    showDone(`已删除任务「${name}」`)
    await router.push({ name: 'tasks' })
  })

  return {
    task: query.data,
    error,
    gone,
    reload: () => query.refetch(),
    removal,
  }
}
