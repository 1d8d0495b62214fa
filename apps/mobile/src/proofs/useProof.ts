import type { MyPush } from '@qimeng/contract'
import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import { call, callPatiently } from '../api.ts'
import { usePushSettled } from '../tasks/queries.ts'
import { say } from '../ui/notice.ts'
import { digestOf, newKey } from './digest.ts'
import { proofDraft } from './draft.ts'
import { createProofQueue, type ProofQueue } from './queue.ts'
import { shrink } from './shrink.ts'

/** The proof of one push in the making: its queue, once it is known who is asking, and its submission. */
export function useProof(pushId: string, userid: () => string | undefined) {
  const settled = usePushSettled()
  const queue = shallowRef<ProofQueue>()
  const submitting = ref(false)
  const problem = shallowRef<unknown>()
  /** The push as it is after the submission. */
  const sent = shallowRef<MyPush>()

  watch(
    userid,
    (user) => {
      if (!user || queue.value) return
      queue.value = createProofQueue({
        shrink,
        digestOf,
        newKey,
        say,
        draft: proofDraft(user, pushId),
        upload: (image, options) => callPatiently('POST /api/me/images', { image, ...options }),
      })
      void queue.value.restore()
    },
    { immediate: true },
  )

  const goOn = () => document.hidden || queue.value?.resume()
  // Coming back from another app, from being frozen there (Android), and from where there is no network.
  const returning = [
    [document, 'visibilitychange'],
    [document, 'resume'],
    [window, 'online'],
  ] as const
  for (const [target, event] of returning) target.addEventListener(event, goOn)
  onScopeDispose(() => {
    for (const [target, event] of returning) target.removeEventListener(event, goOn)
    queue.value?.close()
  })

  async function submit(): Promise<void> {
    if (submitting.value || !queue.value?.ready.value) return
    submitting.value = true
    problem.value = undefined
    const { images, idempotencyKey } = queue.value.submission()
    try {
      sent.value = await call('POST /api/me/pushes/:pushId/proofs', {
        params: { pushId },
        body: { images },
        idempotencyKey,
      })
      await queue.value.forget()
      await settled(sent.value)
    } catch (error) {
      problem.value = error
    } finally {
      submitting.value = false
    }
  }

  return { queue, submitting, problem, sent, submit }
}
