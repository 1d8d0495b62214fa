import { useQuery } from '@pinia/colada'
import { computed } from 'vue'
import { useCall } from '../api.ts'
import { departmentTree } from './departmentTree.ts'

/** The department tree, shared by all who ask. */
export function useDepartments() {
  const call = useCall()
  const { data } = useQuery({
    key: ['departments'],
    query: () => call('GET /api/console/departments'),
    staleTime: 60_000,
  })
  return computed(() => departmentTree(data.value?.departments ?? []))
}
