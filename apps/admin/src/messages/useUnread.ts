import { useQuery } from '@pinia/colada'
import { computed } from 'vue'
import { useCall } from '../api.ts'
import { usePolling } from '../ui/usePolling.ts'

export const UNREAD_KEY = ['messages', 'unread']

/** How many messages wait, asked every 5 s. */
export function useUnread() {
  const call = useCall()
  const { data, refetch } = useQuery({ key: UNREAD_KEY, query: () => call('GET /api/console/messages/unread') })
  usePolling(() => refetch(), 5_000)
  return computed(() => data.value?.unread ?? 0)
}
