import type { MyPush } from '@qimeng/contract'
import { computed, ref, watch } from 'vue'
import { copyText } from '../wecom/clipboard.ts'
import { host, type Outcome } from '../wecom/client.ts'
import { openMomentsComposer } from '../wecom/moments.ts'
import { contentOf, nextTarget, stepsFor, type Target, targetsOf } from './flow.ts'
import { refusalInWords } from './refusal.ts'
import { readTicks, writeTicks } from './ticks.ts'

export type Copy = 'untouched' | 'copied' | 'by-hand'
export type Composer = 'closed' | 'opening' | 'opened' | 'slow' | 'cancelled' | 'refused'

/** One employee publishing one push: what 「确认」 does, what came of it, what is ticked off. */
export function usePublishing(push: () => MyPush, userid: () => string) {
  const confirmed = ref(false)
  const busy = ref(false)
  const copy = ref<Copy>('untouched')
  const composer = ref<Composer>('closed')
  /** Why it did not open. */
  const refusal = ref('')
  const ticked = ref(new Set<Target>())

  watch(
    () => [userid(), push().pushId] as const,
    ([user, pushId]) => (ticked.value = readTicks(user, pushId)),
    { immediate: true },
  )

  const content = computed(() => contentOf(push()))
  const next = computed(() => nextTarget(push().sendScope, ticked.value))
  /** What was refused once is refused again: only the way by hand is left. */
  const opensComposer = computed(() => next.value === 'wecom' && host() === 'wecom' && composer.value !== 'refused')
  const composerWorks = computed(() => host() === 'wecom' && !['slow', 'refused'].includes(composer.value))
  const parts = computed(() =>
    targetsOf(push().sendScope).map((target, _index, { length }) => ({
      target,
      ticked: ticked.value.has(target),
      /** WeCom does not tell whether a post was published (WECOM.md 5.6), and the next part is waiting. */
      asked: length > 1 && target === 'wecom' && composer.value === 'opened' && !ticked.value.has(target),
      steps: stepsFor(target, content.value, composerWorks.value),
    })),
  )

  async function confirm(): Promise<void> {
    if (busy.value) return
    busy.value = true
    // Pictures alone leave the clipboard as it is.
    if (push().text) copy.value = (await copyText(push().text)) ? 'copied' : 'by-hand'
    confirmed.value = true
    busy.value = false
    if (opensComposer.value) await openComposer()
  }

  async function openComposer(): Promise<void> {
    composer.value = 'opening'
    composerAnswered(await openMomentsComposer(push(), composerAnswered))
  }

  function composerAnswered(outcome: Outcome): void {
    if (outcome.ok) composer.value = 'opened'
    else if (outcome.failure === 'timeout') composer.value = 'slow'
    else if (outcome.failure === 'cancelled') composer.value = 'cancelled'
    else {
      composer.value = 'refused'
      refusal.value = refusalInWords(outcome.detail)
    }
  }

  function tick(target: Target, done: boolean): void {
    const changed = new Set(ticked.value)
    if (done) changed.add(target)
    else changed.delete(target)
    ticked.value = changed
    writeTicks(userid(), push().pushId, changed)
  }

  return { busy, composer, confirm, confirmed, copy, opensComposer, parts, refusal, tick }
}
