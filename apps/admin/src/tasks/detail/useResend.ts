import type { ExecutionRow } from '@qimeng/contract/delivery'
import { computed, ref } from 'vue'
import { useCall } from '../../api.ts'
import { requestKey } from '../../ui/requestKey.ts'
import { useAction } from '../../ui/useAction.ts'
import { everybodyIn } from './everybody.ts'
import { useFollowing } from './useFollowing.ts'

/** How often (ms) the cards are looked at until each has an outcome. */
const ASK_EVERY = 2_000

export interface ResendReport {
  queued: number
  waiting: number
  delivered: number
  failed: number
  unknown: number
  /** Has executed meanwhile, so the card no longer matters. */
  executed: number
}

/** Whether the card may be sent again to this person: it did not arrive, and there is somebody to receive it. */
export const canResend = ({ cardState, active }: Pick<ExecutionRow, 'cardState' | 'active'>): boolean =>
  active && (cardState === 'failed' || cardState === 'unknown')

/** Sends the card again to people it did not reach, and follows what becomes of it as long as somebody looks. */
export function useResend(pushId: string) {
  const call = useCall()
  const key = requestKey()
  const report = ref<ResendReport>()
  const { follow } = useFollowing(ASK_EVERY)

  const sending = useAction(async (userids: string[]) => {
    const body = { userids }
    const { queued } = await call('POST /api/console/pushes/:pushId/resend', {
      params: { pushId },
      body,
      idempotencyKey: key.of(body),
    })
    key.answered()
    const executed = userids.length - queued
    report.value = { queued, waiting: queued, delivered: 0, failed: 0, unknown: 0, executed }
    follow(
      () => everybodyIn(call, pushId, { state: 'pending' }),
      (pending) => {
        const states = new Map(pending.map(({ userid, cardState }) => [userid, cardState]))
        const count = (state: string | undefined) => userids.filter((userid) => states.get(userid) === state).length
        const waiting = count('pending')
        const outcome = { delivered: count('delivered'), failed: count('failed'), unknown: count('unknown') }
        report.value = { ...report.value!, waiting, ...outcome, executed: count(undefined) }
        return waiting > 0
      },
    )
  })

  return { sending, report, finished: computed(() => report.value?.waiting === 0) }
}
