import { useQuery } from '@pinia/colada'
import { MINUTE } from '@qimeng/contract/time'
import { watch } from 'vue'
import { useCall } from '../../../api.ts'
import { usePolling } from '../../../ui/usePolling.ts'

/**
 * When people were done with a push. Asked for anew when their number changes, which the page learns anyway, and each
 * minute, since time passes too.
 */
export function useTimeline(pushId: string, done: () => number) {
  const call = useCall()
  const query = useQuery({
    key: ['timeline', pushId],
    query: () => call('GET /api/console/pushes/:pushId/timeline', { params: { pushId } }),
  })
  watch(done, () => void query.refetch())
  usePolling(() => query.refetch(), MINUTE)
  return query.data
}
