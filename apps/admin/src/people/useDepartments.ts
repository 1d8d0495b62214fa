import { useQuery } from '@pinia/colada'
import type { ApiError } from '@qimeng/contract/client'
import { computed } from 'vue'
import { useCall } from '../api.ts'
import { departmentTree } from './departmentTree.ts'

/** The department tree, shared by all who ask; undefined until it is there. */
export function useDepartments() {
  const call = useCall()
  const { data, error, refetch } = useQuery({
    key: ['departments'],
    query: () => call('GET /api/console/departments'),
    staleTime: 60_000,
  })
  return {
    tree: computed(() => data.value && departmentTree(data.value.departments)),
    error: computed(() => error.value as ApiError | null),
    again: () => refetch(),
  }
}
