import { onScopeDispose, ref, watch } from 'vue'

/**
 * A text field's own value and, `patience` ms after the last key (or at once by `flush`), what it is used for.
 * @param apply is called with the trimmed text
 */
export function useDebounced(initial: string, apply: (text: string) => void, patience = 300) {
  const typed = ref(initial)
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    clearTimeout(timer)
    apply(typed.value.trim())
  }
  watch(typed, () => {
    clearTimeout(timer)
    timer = setTimeout(flush, patience)
  })
  onScopeDispose(() => clearTimeout(timer))
  return { typed, flush }
}
