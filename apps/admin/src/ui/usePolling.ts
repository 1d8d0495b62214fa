import { onScopeDispose } from 'vue'

/**
 * Runs `work` again and again while the page is visible, the next time `pause` ms after the last one ended, and at once when
 * somebody comes back to the page.
 */
export function usePolling(work: () => Promise<unknown>, pause: number): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false

  const plan = () => {
    if (!stopped && !document.hidden) timer = setTimeout(run, pause)
  }
  // What is wrong shows in the state of the query that `work` refreshes.
  const run = () => {
    clearTimeout(timer)
    work().then(plan, plan)
  }
  const onVisibility = () => {
    clearTimeout(timer)
    if (!document.hidden) run()
  }

  document.addEventListener('visibilitychange', onVisibility)
  plan()
  onScopeDispose(() => {
    stopped = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', onVisibility)
  })
}
