import type { PushView } from '@qimeng/contract/tasks'
import { useCall } from '../../api.ts'
import { confirmed } from '../../ui/confirm.ts'
import { showDone } from '../../ui/problems.ts'
import { useAction } from '../../ui/useAction.ts'
import { focusPushTab } from './pushFocus.ts'

/** What an administrator may do with a push that has not gone out. */
export function usePushActions(pushId: string, reload: () => Promise<unknown>) {
  const call = useCall()
  const params = { pushId }

  const issueNow = useAction(async ({ name }: PushView) => {
    const text = `「${name}」错过了推送时间。现在推送，所有执行员工会立即收到卡片。`
    if (!(await confirmed('立即推送', text, '立即推送', false))) return
    await call('POST /api/console/pushes/:pushId/issue', { params })
    showDone(`「${name}」开始推送`)
    await reload()
    await focusPushTab(pushId)
  })

  const cancel = useAction(async ({ name }: PushView) => {
    const text = `取消后「${name}」不会再推送给员工，也不能恢复。`
    if (!(await confirmed('取消推送', text, '取消推送'))) return
    await call('POST /api/console/pushes/:pushId/cancel', { params })
    showDone(`已取消「${name}」`)
    await reload()
    await focusPushTab(pushId)
  })

  return { issueNow, cancel }
}
