import { useQuery } from '@pinia/colada'
import type { PersonRef } from '@qimeng/contract'
import type { ApiError } from '@qimeng/contract/client'
import { computed } from 'vue'
import { useCall } from '../api.ts'
import { confirmed } from '../ui/confirm.ts'
import { showDone } from '../ui/problems.ts'
import { useAction } from '../ui/useAction.ts'

/** Who may use the console; adding and removing. */
export function useAdmins() {
  const call = useCall()
  const query = useQuery({ key: ['settings', 'admins'], query: () => call('GET /api/console/admins') })

  const add = useAction(async ({ userid, name }: PersonRef) => {
    await call('POST /api/console/admins', { body: { userid } })
    showDone(`${name}已成为管理员`)
    await query.refetch()
    return true
  })
  const remove = useAction(async ({ userid, name }: PersonRef) => {
    const text = `移除后，「${name}」会立即退出，不能再登录管理后台。`
    if (!(await confirmed('移除管理员', text, '移除'))) return
    await call('DELETE /api/console/admins/:userid', { params: { userid } })
    showDone(`已移除管理员「${name}」`)
    await query.refetch()
  })

  return {
    admins: computed(() => query.data.value?.admins),
    error: computed(() => query.error.value as ApiError | null),
    reload: () => query.refetch(),
    add,
    remove,
  }
}
