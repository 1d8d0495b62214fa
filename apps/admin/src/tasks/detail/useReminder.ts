import { computed, onScopeDispose, ref } from 'vue'
import { useCall } from '../../api.ts'
import { useAction } from '../../ui/useAction.ts'

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

/** 「提醒员工执行」 for all or the chosen of a push, and what became of it. */
export function useReminder(pushId: string) {
  const call = useCall()
  const report = ref<ReminderReport>()
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))

  const sending = useAction(async (userids: string[] | null) => {
    const { round, queued, skipped } = await call('POST /api/console/pushes/:pushId/reminders', {
      params: { pushId },
      body: { userids },
      idempotencyKey: crypto.randomUUID(),
    })
    report.value = { queued, skipped, waiting: queued, reminded: 0, failed: 0, unknown: 0 }
    if (round !== null) follow(round)
  })

  function follow(round: number): void {
    const ask = async () => {
      const params = { pushId, round: String(round) }
      try {
        const progress = await call('GET /api/console/pushes/:pushId/reminders/:round', { params })
        report.value = { ...report.value!, ...progress }
      } catch {
        // One answer that did not come; the next question follows.
      }
      if (report.value!.waiting > 0) timer = setTimeout(ask, ASK_EVERY)
    }
    void ask()
  }

  return { sending, report, finished: computed(() => report.value?.waiting === 0) }
}
