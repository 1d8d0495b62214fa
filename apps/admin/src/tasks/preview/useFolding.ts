import { computed, onBeforeUnmount, onMounted, ref, type Ref, watch } from 'vue'

/** WeChat folds a text of more lines than this. */
export const FOLDED_LINES = 6
/** Height of a line in px. Set by us: only so can lines be counted. */
export const LINE = 21

/** Whether a text is long enough for 「全文」, at the width it has just now, and whether it was opened. */
export function useFolding(area: Readonly<Ref<HTMLElement | null>>, text: () => string) {
  const lines = ref(0)
  const unfolded = ref(false)
  const measure = () => {
    if (area.value) lines.value = Math.round(area.value.scrollHeight / LINE)
  }

  const sizes = new ResizeObserver(measure)
  watch(area, (now, before) => {
    if (before) sizes.unobserve(before)
    if (now) sizes.observe(now)
    measure()
  })
  onMounted(() => {
    if (area.value) sizes.observe(area.value)
    measure()
  })
  watch(text, measure, { flush: 'post' })
  onBeforeUnmount(() => sizes.disconnect())

  const long = computed(() => lines.value > FOLDED_LINES)
  return { long, unfolded, folded: computed(() => long.value && !unfolded.value) }
}
