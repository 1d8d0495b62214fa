import { ApiError } from '@qimeng/contract/client'
import { computed, onScopeDispose, ref } from 'vue'
import { useCall } from '../../api.ts'
import { requestKey } from '../../ui/requestKey.ts'
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

/** 「提醒员工执行」 for all or the chosen of a push, and what became of it: of the last round, as long as somebody looks. */
export function useReminder(pushId: string) {
  const call = useCall()
  const key = requestKey()
  const report = ref<ReminderReport>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let followed: number | null = null
  onScopeDispose(() => {
    followed = null
    clearTimeout(timer)
  })

  const sending = useAction(async (userids: string[] | null) => {
    const body = { userids }
    const { round, queued, skipped } = await call('POST /api/console/pushes/:pushId/reminders', {
      params: { pushId },
      body,
      idempotencyKey: key.of(body),
    })
    key.answered()
    clearTimeout(timer)
    report.value = { queued, skipped, waiting: queued, reminded: 0, failed: 0, unknown: 0 }
    followed = round
    if (round !== null) void ask(round)
  })

  async function ask(round: number): Promise<void> {
    let goOn: boolean
    try {
      const params = { pushId, round: String(round) }
      const progress = await call('GET /api/console/pushes/:pushId/reminders/:round', { params })
      if (followed !== round) return
      report.value = { ...report.value!, ...progress }
      goOn = progress.waiting > 0
    } catch (error) {
      // An answer that did not come is asked for again; a refusal (session over, task deleted) will not change.
      goOn = !(error instanceof ApiError) || error.status === 0 || error.status >= 500
    }
    if (goOn && followed === round) timer = setTimeout(() => void ask(round), ASK_EVERY)
  }

  return { sending, report, finished: computed(() => report.value?.waiting === 0) }
}
