import { ref } from 'vue'

/** True when logging in again did not help: shown instead of going round in circles. */
export const loginStuck = ref(false)

const ATTEMPT_KEY = 'qimeng.login-attempt'
/** Somebody has been logged in here before. */
const KNOWN_KEY = 'qimeng.known'
/** A second 401 this soon (ms) after a login means that the session does not stick, e.g. cookies are blocked. */
export const LOOP_WINDOW_MS = 60_000

let leaving = false

/**
 * Leaves for a silent new login that comes back to this page. Does nothing while already leaving; refuses, and sets
 * `loginStuck`, when a login has just been tried without success.
 */
export function beginLogin(now = Date.now(), page: Pick<Window, 'location' | 'sessionStorage'> = window): void {
  if (leaving || loginStuck.value) return
  const lastAttempt = Number(page.sessionStorage.getItem(ATTEMPT_KEY) ?? -Infinity)
  if (now - lastAttempt < LOOP_WINDOW_MS) {
    loginStuck.value = true
    return
  }
  leaving = true
  page.sessionStorage.setItem(ATTEMPT_KEY, String(now))
  const { pathname, search } = page.location
  page.location.replace(`/auth/me/login?return=${encodeURIComponent(pathname + search)}`)
}

/**
 * On a phone's first visit ever: goes to the login at once, without asking for a refusal first.
 * @returns true when leaving
 */
export function beginFirstLogin(page: Pick<Window, 'location' | 'sessionStorage' | 'localStorage'> = window): boolean {
  if (page.localStorage.getItem(KNOWN_KEY) || page.sessionStorage.getItem(ATTEMPT_KEY)) return false
  beginLogin(Date.now(), page)
  return leaving
}

/** A session was seen to work: a later 401 may start a login at once. */
export function loginWorked(page: Pick<Window, 'sessionStorage' | 'localStorage'> = window): void {
  page.sessionStorage.removeItem(ATTEMPT_KEY)
  page.localStorage.setItem(KNOWN_KEY, '1')
}

/** The person asks for another try. */
export function retryLogin(path: string): void {
  loginStuck.value = false
  leaving = false
  window.sessionStorage.removeItem(ATTEMPT_KEY)
  window.location.replace(`/auth/me/login?return=${encodeURIComponent(path)}`)
}

/** A page restored from the back/forward cache has not left after all. */
window.addEventListener('pageshow', () => {
  leaving = false
})
