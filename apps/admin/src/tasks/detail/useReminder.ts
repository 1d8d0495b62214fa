import { computed, ref } from 'vue'
import { useCall } from '../../api.ts'
import { requestKey } from '../../ui/requestKey.ts'
import { useAction } from '../../ui/useAction.ts'
import { useFollowing } from './useFollowing.ts'

/** How often (ms) the report of a round is asked for. */
const ASK_EVERY = 1_000

export interface ReminderReport {
  queued: number
  skipped: number
  waiting: number
  reminded: number
  failed: number
  unknown: number
}

/** 「提醒员工执行」 for all or the chosen of a push, and what became of it: of the last round, as long as somebody looks. */
export function useReminder(pushId: string) {
  const call = useCall()
  const key = requestKey()
  const report = ref<ReminderReport>()
  const { follow, stop } = useFollowing(ASK_EVERY)

  const sending = useAction(async (userids: string[] | null) => {
    const body = { userids }
    const { round, queued, skipped } = await call('POST /api/console/pushes/:pushId/reminders', {
      params: { pushId },
      body,
      idempotencyKey: key.of(body),
    })
    key.answered()
    stop()
    report.value = { queued, skipped, waiting: queued, reminded: 0, failed: 0, unknown: 0 }
    if (round === null) return
    const params = { pushId, round: String(round) }
    follow(
      () => call('GET /api/console/pushes/:pushId/reminders/:round', { params }),
      (progress) => {
        report.value = { ...report.value!, ...progress }
        return progress.waiting > 0
      },
    )
  })

  return { sending, report, finished: computed(() => report.value?.waiting === 0) }
}
