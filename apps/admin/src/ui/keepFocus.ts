import { nextTick } from 'vue'

/**
 * Remembers who has the focus. What it returns gives it back to them if it was lost meanwhile: a busy button is disabled,
 * and a disabled one cannot hold it.
 */
export function keepFocus(): () => Promise<void> {
  const holder = document.activeElement
  return async () => {
    await nextTick()
    if (document.activeElement !== document.body || !holder?.isConnected) return
    if (holder instanceof HTMLElement) holder.focus({ preventScroll: true })
  }
}
