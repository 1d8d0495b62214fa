import { useQuery } from '@pinia/colada'
import type { ApiError } from '@qimeng/contract/client'
import { computed, ref, watch } from 'vue'
import { useCall } from '../api.ts'
import { usePolling } from '../ui/usePolling.ts'

/** How often (ms) the links are renewed: they live 5 to 10 minutes, and the viewer may stay open. */
const RENEW = 4 * 60_000

/** One person's proofs: the newest version until another one is chosen, with links that never grow too old. */
export function useProofs(pushId: string, userid: () => string) {
  const call = useCall()
  const query = useQuery({
    key: () => ['proofs', pushId, userid()],
    query: () => call('GET /api/console/pushes/:pushId/proofs/:userid', { params: { pushId, userid: userid() } }),
    staleTime: 0,
    gcTime: 0,
  })
  usePolling(() => query.refetch(), RENEW)

  const version = ref<number>()
  watch(userid, () => (version.value = undefined))
  return {
    proofs: query.data,
    error: computed(() => query.error.value as ApiError | null),
    renew: () => query.refetch(),
    version,
    shown: computed(() => {
      const versions = query.data.value?.versions
      return versions?.find((one) => one.version === version.value) ?? versions?.[0]
    }),
  }
}
