import { useCall } from '../../api.ts'
import { confirmed } from '../../ui/confirm.ts'
import { showDone } from '../../ui/problems.ts'
import { requestKey } from '../../ui/requestKey.ts'
import { useAction } from '../../ui/useAction.ts'

/** Sends the card again to people it did not reach; null is all of them. */
export function useResend(pushId: string, changed: () => Promise<void>) {
  const call = useCall()
  const key = requestKey()
  return useAction(async (userids: string[] | null, count: number) => {
    const text = `将给 ${count} 名没有送达或结果未知的员工重新发送任务卡片。结果未知的员工可能会收到两张卡片。`
    if (!(await confirmed('重新发送卡片', text, '重新发送', false))) return
    const body = { userids }
    const { queued } = await call('POST /api/console/pushes/:pushId/resend', {
      params: { pushId },
      body,
      idempotencyKey: key.of(body),
    })
    key.answered()
    showDone(`正在给 ${queued} 人重新发送卡片`)
    await changed()
  })
}
