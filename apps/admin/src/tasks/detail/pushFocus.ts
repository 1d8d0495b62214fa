import { nextTick } from 'vue'

/** Where the keyboard goes when what one has pressed is gone: to the tab of the push one is looking at. */
export async function focusPushTab(pushId: string): Promise<void> {
  await nextTick()
  document.getElementById(`tab-${pushId}`)?.focus()
}

/** After a dialog whose opener may be gone by now: a card that is on its way again cannot be sent again. */
export async function keepFocusInPush(pushId: string): Promise<void> {
  await nextTick()
  if (document.activeElement === document.body) await focusPushTab(pushId)
}
