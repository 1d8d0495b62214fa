import type { Router } from 'vue-router'

const KEY = 'qimeng-moments:loaded-anew'
/** A page that still lacks a part this soon (ms) after it was loaded anew is broken, not old. */
const SOON = 10_000

/**
 * An open page may be older than what the server has now: the parts it has not loaded yet then have other names. Going to
 * such a part loads the whole page anew there, with what was typed kept as a draft.
 */
export function loadAnewWhenOld(router: Router): void {
  let missing = false
  window.addEventListener('vite:preloadError', () => {
    missing = true
  })
  router.onError((_error, to) => {
    if (!missing || Date.now() - Number(sessionStorage.getItem(KEY)) < SOON) return
    sessionStorage.setItem(KEY, String(Date.now()))
    location.assign(router.resolve(to.fullPath).href)
  })
}
