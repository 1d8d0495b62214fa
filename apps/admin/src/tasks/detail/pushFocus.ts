import { nextTick } from 'vue'

/** Where the keyboard goes when what one has pressed is gone: to the tab of the push one is looking at. */
export async function focusPushTab(pushId: string): Promise<void> {
  await nextTick()
  document.getElementById(`tab-${pushId}`)?.focus()
}
