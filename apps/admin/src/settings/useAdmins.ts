import { useQuery } from '@pinia/colada'
import type { PersonRef } from '@qimeng/contract'
import type { ApiError } from '@qimeng/contract/client'
import { computed } from 'vue'
import { useCall } from '../api.ts'
import { useSession } from '../session.ts'
import { confirmed } from '../ui/confirm.ts'
import { showDone } from '../ui/problems.ts'
import { useAction } from '../ui/useAction.ts'

/** Who may use the console; adding and removing. */
export function useAdmins() {
  const call = useCall()
  const session = useSession()
  const query = useQuery({ key: ['settings', 'admins'], query: () => call('GET /api/console/admins') })

  const add = useAction(async ({ userid, name }: PersonRef) => {
    await call('POST /api/console/admins', { body: { userid } })
    showDone(`${name}已成为管理员`)
    await query.refetch()
    return true
  })
  const remove = useAction(async ({ userid, name }: PersonRef) => {
    const whom = userid === session.me?.userid ? '你' : `「${name}」`
    const text = `移除后，${whom}会立即退出，不能再登录管理后台。`
    if (!(await confirmed('移除管理员', text, '移除'))) return
    await call('DELETE /api/console/admins/:userid', { params: { userid } })
    showDone(`已移除管理员「${name}」`)
    await query.refetch()
  })

  const endSessions = useAction(async ({ userid, name }: PersonRef) => {
    const text = `「${name}」在所有浏览器和手机上都要重新登录，仍然是管理员。`
    if (!(await confirmed('强制退出', text, '强制退出'))) return
    await call('POST /api/console/admins/:userid/logout', { params: { userid } })
    showDone(`已结束「${name}」的全部登录`)
  })

  /** The server's rule: somebody who can still log in remains. */
  const isLast = ({ userid }: PersonRef): boolean =>
    !query.data.value?.admins.some((other) => other.active && other.userid !== userid)

  return {
    admins: computed(() => query.data.value?.admins),
    error: computed(() => query.error.value as ApiError | null),
    reload: () => query.refetch(),
    add,
    remove,
    endSessions,
    isLast,
  }
}
